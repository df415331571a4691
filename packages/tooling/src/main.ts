import { ExpectedError } from '@shop/process';
import { Command } from 'commander';
import { checkSchema } from './schema-check/check-schema.ts';
import { describeSchemaCheck } from './schema-check/describe.ts';
import { NothingToCompareError } from './schema-check/revision.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('tooling').description('What the project builds and checks itself with.');

program
  .command('schema-check')
  .description('Compare the schema that clients see, and each subgraph’s, with those of a git revision.')
  .argument('[base]', 'a branch, tag or commit; default: origin/main, else main, else the commit before')
  .option('--strict', 'fail on any breaking change, also on one that breaks no operation of clients/operations')
  .action(async (base: string | undefined, { strict = false }: { strict?: boolean }) => {
    const check = await checkSchema({ base, strict });
    for (const line of describeSchemaCheck(check)) print(line);
    process.exitCode = check.verdict === 'failed' ? 1 : 0;
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof NothingToCompareError ? 2 : 1;
}
