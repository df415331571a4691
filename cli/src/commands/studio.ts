import { Argument } from 'commander';
import { type ServiceName, serviceNames } from '@shop/contracts';
import type { AddCommand } from '../command-line/context.ts';
import { databasesHelp, wholeNumber } from '../command-line/options.ts';
import { useDatabases } from '../databases/use-databases.ts';
import { openStudio } from '../studio/open-studio.ts';

export const addStudio: AddCommand = (shop, { terminal, env, root, signal }) => {
  shop
    .command('studio')
    .summary('open Prisma Studio on a database')
    .description(
      'Open Prisma Studio, which shows and changes rows in the browser, on the database of a subgraph. It runs until Ctrl-C. A change ' +
        'by hand publishes no event: reconcile finds what then differs.',
    )
    .addArgument(new Argument('<subgraph>', 'the name of a subgraph').choices(serviceNames))
    .option('--port <port>', 'the port of the page; a free one by default', wholeNumber(1, 65_535))
    .addHelpText('after', `\nExample:\n  npm run shop -- studio ${serviceNames[0]}\n${databasesHelp}`)
    .action(async (name: ServiceName, { port }: { readonly port?: number }) => {
      await useDatabases({ names: [name], env, isExclusive: false }, async ({ targets: [target] }) => {
        const studio = await openStudio({ root, name, databaseUrl: target?.databaseUrl ?? '', port, env, signal });
        terminal.print(`Prisma Studio of ${name}: ${studio.url}`);
        terminal.note('Press Ctrl-C to stop it.');
        await studio.untilStopped();
      });
    });
};
