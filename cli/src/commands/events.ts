import type { ServiceName } from '@shop/contracts';
import type { AddCommand, CommandContext } from '../command-line/context.ts';
import { chosenServices, databasesHelp, jsonOption, parseWith, serviceOption } from '../command-line/options.ts';
import type { ShopCommand } from '../command-line/shop-command.ts';
import { findTargets } from '../databases/targets.ts';
import { findDeadLetters, formatDeadLetters, resend, summarizeDeadLetters } from '../events/dead-letters.ts';
import { formatRepublished, republish } from '../events/republish.ts';
import { parseSince } from '../events/since.ts';

interface CommonOptions {
  readonly service?: ServiceName;
  readonly json?: true;
}

export const addEvents: AddCommand = (shop, context) => {
  const events = shop
    .command('events')
    .description('List and resend events that could not be handled, and publish events again.');
  addDeadLetters(events, context);
  addResend(events, context);
  addRepublish(events, context);
};

function addDeadLetters(events: ShopCommand, { terminal, env }: CommandContext): void {
  events
    .command('dead-letters')
    .summary('list the events that a subgraph could not handle')
    .description(
      'Lists the dead letters: events that a subgraph could not handle. Each subgraph keeps its own in its database.',
    )
    .addOption(serviceOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run events -- dead-letters
  npm run events -- dead-letters --service order --json
${databasesHelp}`,
    )
    .action(async ({ service, json }: CommonOptions) => {
      const letters = await findDeadLetters(await findTargets(chosenServices(service), env));
      terminal.print(
        json === true ? JSON.stringify(summarizeDeadLetters(letters), null, 2) : formatDeadLetters(letters),
      );
    });
}

function addResend(events: ShopCommand, { terminal, env }: CommandContext): void {
  const command = events
    .command('resend')
    .summary('ask the subgraphs to handle dead letters again')
    .description('Asks the running subgraphs to handle dead letters again. Repair the cause first.')
    .argument('[ids...]', 'ids of dead letters')
    .option('--all', 'all open dead letters')
    .addOption(serviceOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run events -- resend 01990000-0000-7000-8000-000000000001
  npm run events -- resend --all --service product
${databasesHelp}`,
    )
    .action(async (ids: readonly string[], { all, service }: CommonOptions & { readonly all?: true }) => {
      if ((all === true) === ids.length > 0) command.error('Give either ids or --all.');
      const count = await resend(await findTargets(chosenServices(service), env), all === true ? 'all' : ids);
      terminal.print(describeResend(count));
    });
}

function describeResend(count: number): string {
  if (count === 0) return 'There are no dead letters.';
  return `${count} ${count === 1 ? 'dead letter' : 'dead letters'} will be handled again.`;
}

interface RepublishOptions extends CommonOptions {
  readonly since: Date;
  readonly type?: string;
  readonly dryRun?: true;
}

function addRepublish(events: ShopCommand, { terminal, env }: CommandContext): void {
  events
    .command('republish')
    .summary('publish events of the last week again')
    .description(
      'Publishes events of the last week again, for consumers that lost them. A consumer that has handled an event ignores it.',
    )
    .requiredOption(
      '--since <time>',
      'a duration before now such as 90s, 15m, 2h or 3d, or a time such as 2026-11-20T14:30:00Z',
      parseWith((text) => parseSince(text, new Date())),
    )
    .option('--type <type>', 'only events of this type, such as shop.order.created.v1')
    .option('--dry-run', 'only count the events')
    .addOption(serviceOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  npm run events -- republish --since 2h --dry-run
  npm run events -- republish --since 3d --type shop.order.created.v1
${databasesHelp}`,
    )
    .action(async ({ since, type, service, json, dryRun }: RepublishOptions) => {
      const filter = { since, ...(type === undefined ? {} : { type }) };
      const targets = await findTargets(chosenServices(service), env);
      const isDryRun = dryRun === true;
      const counts = await republish(targets, filter, isDryRun, (part, name) =>
        terminal.progress({ part, text: name }),
      );
      terminal.finish();
      terminal.print(
        json === true
          ? JSON.stringify(
              { since: since.toISOString(), type: type ?? null, dryRun: isDryRun, services: counts },
              null,
              2,
            )
          : formatRepublished(counts, filter, isDryRun),
      );
    });
}
