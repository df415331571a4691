import type { AddCommand } from '../command-line/context.ts';
import { exitCodes } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/failures.ts';
import { loadTooling } from './load-tooling.ts';

export const addSchema: AddCommand = (shop, { terminal, root, setExitCode }) => {
  const schema = shop.command('schema').description('Work with the GraphQL schema.');
  schema
    .command('check')
    .summary('compare the schema with that of a git revision')
    .description(
      'Compare the schema that clients see, and the schema of each subgraph, with those of a git revision. The exit code is 1 when a ' +
        'change breaks an operation of clients/operations, as it is now or as it was then, and 2 when there is nothing to compare with.',
    )
    .argument(
      '[base]',
      'a branch, tag or commit; by default the first that exists of origin/main, main and the commit before',
    )
    .option('--strict', 'fail on every breaking change, even if no operation of clients/operations uses what breaks')
    .addHelpText('after', `\nExamples:\n  npm run schema:check\n  npm run schema:check -- origin/main --strict`)
    .action(async (base: string | undefined, { strict }: { readonly strict?: true }) => {
      const { checkSchema, describeSchemaCheck, NothingToCompareError } = await loadTooling();
      const check = await checkSchema({ root, base, strict: strict === true }).catch((error: unknown) => {
        throw error instanceof NothingToCompareError ? new UsageError(error.message) : error;
      });
      for (const line of describeSchemaCheck(check)) terminal.print(line);
      if (check.verdict === 'failed') setExitCode(exitCodes.found);
    });
};
