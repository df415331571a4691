import { parseArgs } from 'node:util';
import type { PublishedFilter } from '@shop/messaging';
import { SUBGRAPHS, type SubgraphName } from '@shop/stack';
import { ExpectedError } from '@shop/process';
import { parseSince } from './since.ts';

export const USAGE = `Events that a service could not handle are kept as dead letters in that service's database.

  npm run events -- dead-letters [--service NAME]        list them
  npm run events -- resend ID [ID…] [--service NAME]     handle these again
  npm run events -- resend --all [--service NAME]        handle all of them again

What a service has published in the last week can be published again; consumers that had it change nothing.

  npm run events -- republish --since TIME [--service NAME] [--type TYPE] [--dry-run]

TIME is a duration such as 90s, 15m, 2h or 3d before now, or a time such as 2026-11-20T14:30:00Z; TYPE is an event's, for
example shop.order.created.v1; --dry-run only counts.

NAME is ${SUBGRAPHS.join(', ')}; without it, all three. The databases are those of the stack that runs on DATA_DIR, or those
that USER_DATABASE_URL, PRODUCT_DATABASE_URL and ORDER_DATABASE_URL name.`;

/** What the person asked for. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'dead-letters'; readonly services: readonly SubgraphName[] }
  | {
      readonly name: 'republish';
      readonly services: readonly SubgraphName[];
      readonly filter: PublishedFilter;
      readonly isDryRun: boolean;
    }
  | { readonly name: 'resend'; readonly services: readonly SubgraphName[]; readonly ids: readonly string[] | 'all' };

/** @throws ExpectedError with the usage when the arguments make no sense. */
export function parseCommand(args: readonly string[], now = new Date()): Command {
  const { values, positionals } = parse(args);
  const [name, ...ids] = positionals;
  if (values.help === true || name === undefined) return { name: 'help' };
  const services = values.service === undefined ? SUBGRAPHS : [requireSubgraph(values.service)];
  if (name === 'republish') {
    if (ids.length > 0 || values.all === true) throw mistake('republish takes no ids and no --all');
    if (values.since === undefined) throw mistake('republish needs --since');
    const since = parseSince(values.since, now);
    if (since === null) throw mistake(`"${values.since}" is neither a duration nor a time`);
    if (since > now) throw mistake(`${since.toISOString()} is yet to come`);
    const filter = { since, ...(values.type === undefined ? {} : { type: values.type }) };
    return { name, services, filter, isDryRun: values['dry-run'] === true };
  }
  const [misplaced] = (['since', 'type', 'dry-run'] as const).filter((option) => values[option] !== undefined);
  if (misplaced !== undefined) throw mistake(`${name} takes no --${misplaced}`);
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
    const options = {
      service: { type: 'string' },
      all: { type: 'boolean' },
      since: { type: 'string' },
      type: { type: 'string' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
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

function mistake(what: string): ExpectedError {
  return new ExpectedError(`${what}.\n\n${USAGE}`);
}
