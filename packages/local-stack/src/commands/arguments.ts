import { parseArgs } from 'node:util';
import { SUBGRAPHS, type SubgraphName } from '../stack/types.ts';
import { StackError } from '../stack-error.ts';

export const USAGE = `Events that a service could not handle are kept as dead letters in that service's database.

  npm run events -- dead-letters [--service NAME]        list them
  npm run events -- resend ID [ID…] [--service NAME]     handle these again
  npm run events -- resend --all [--service NAME]        handle all of them again

NAME is ${SUBGRAPHS.join(', ')}; without it, all three. The databases are those of the stack that runs on DATA_DIR, or those
that USER_DATABASE_URL, PRODUCT_DATABASE_URL and ORDER_DATABASE_URL name.`;

/** What the person asked for. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'dead-letters'; readonly services: readonly SubgraphName[] }
  | { readonly name: 'resend'; readonly services: readonly SubgraphName[]; readonly ids: readonly string[] | 'all' };

/** @throws StackError with the usage when the arguments make no sense. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [name, ...ids] = positionals;
  if (values.help === true || name === undefined) return { name: 'help' };
  const services = values.service === undefined ? SUBGRAPHS : [requireSubgraph(values.service)];
  if (name === 'dead-letters') {
    if (ids.length > 0 || values.all === true) throw mistake('dead-letters takes no ids and no --all');
    return { name, services };
  }
  if (name !== 'resend') throw mistake(`there is no command "${name}"`);
  if ((values.all === true) === ids.length > 0) throw mistake('resend takes either ids or --all');
  return { name, services, ids: values.all === true ? 'all' : ids };
}

function parse(args: readonly string[]) {
  try {
    const options = { service: { type: 'string' }, all: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw mistake((error as Error).message);
  }
}

function requireSubgraph(name: string): SubgraphName {
  const found = SUBGRAPHS.find((subgraph) => subgraph === name);
  if (found === undefined) throw mistake(`there is no service "${name}"`);
  return found;
}

function mistake(what: string): StackError {
  return new StackError(`${what}.\n\n${USAGE}`);
}
