import { type ServiceName, serviceNames } from '@shop/contracts';
import type { AddCommand } from '../command-line/context.ts';
import { exitCodes } from '../command-line/exit-codes.ts';
import { databasesHelp, jsonOption } from '../command-line/options.ts';
import { findTargets } from '../databases/targets.ts';
import { reconcile } from '../reconcile/reconcile.ts';

export const addReconcile: AddCommand = (shop, { terminal, env, setExitCode }) => {
  shop
    .command('reconcile')
    .description(
      'Check that data that is kept twice agrees. It only reads, and may run at any time. The exit code is 1 when something differs.',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Checks:
  ledger          the balances of each stock are the sums of its movements, and no movement is missing
  reservations    the reserved stock is what the open reservations hold
  history         the status of each order is what its history says
  payments        each paid order has one payment of its total, no other money is kept, nothing waits over a minute
  provider        the payment provider has charged and refunded what we have recorded
  outbox          no event has waited for over a minute, and no service lacks an event of another for so long
  orders          no order has been PENDING for over a minute
  order-stock     each order has the stock that its status requires
  catalogue-copy  the order subgraph's copy of the catalogue equals the catalogue

Examples:
  npm run reconcile
  npm run reconcile -- --json
${databasesHelp}`,
    )
    .action(async ({ json }: { readonly json?: true }) => {
      const targets = await findTargets(serviceNames, env);
      const databaseUrls = Object.fromEntries(targets.map(({ name, databaseUrl }) => [name, databaseUrl]));
      const result = await reconcile({ databaseUrls: databaseUrls as Record<ServiceName, string> });
      if (json === true) terminal.print(JSON.stringify(result, null, 2));
      else {
        for (const { check, subject, message } of result.differences)
          terminal.print(`${check}: ${subject}: ${message}`);
        for (const warning of result.warnings) terminal.print(`warning: ${warning}`);
        terminal.print(describeCount(result.differences.length));
      }
      if (result.differences.length > 0) setExitCode(exitCodes.found);
    });
};

function describeCount(count: number): string {
  if (count === 0) return 'Everything agrees: no differences.';
  return count === 1 ? '1 difference.' : `${count} differences.`;
}
