import { ExpectedError } from '@shop/process';
import { Command } from 'commander';
import { checkBoundaries } from './boundaries/check-boundaries.ts';
import { buildGraphiql } from './build-graphiql.ts';
import { findStaleFiles, generate, type GenerateOptions } from './generate/generate.ts';
import { checkLineLength } from './line-length.ts';
import { runNewSubgraph } from './new-subgraph/command.ts';

const root = process.cwd();
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('tooling').description(
  'The tools with which the project generates, builds and checks itself.',
);

interface GenerateFlags {
  readonly check?: boolean;
  readonly force?: boolean;
  readonly local?: boolean;
  readonly only?: readonly string[];
}

program
  .command('generate')
  .description('Generate files from schemas, contracts and operations: only what changed.')
  .option('--check', 'write nothing, and fail when a committed file is out of date')
  .option('--force', 'run every generator, also where nothing has changed')
  .option('--local', 'generate only what is not committed')
  .option('--only <names...>', 'run only these generators')
  .action(async ({ check = false, force = false, local = false, only }: GenerateFlags) => {
    const options: GenerateOptions = { root, only, report: print };
    if (!check) {
      await generate({ ...options, force, localOnly: local });
      return;
    }
    const stale = await findStaleFiles(options);
    if (stale.length > 0)
      throw new ExpectedError(
        `These generated files are out of date:\n${stale.map((file) => `  ${file}\n`).join('')}` +
          'Run `npm run generate` and commit them.',
      );
  });

program
  .command('boundaries')
  .description('Check which file may import which.')
  .option('--root <folder>', 'the project to check', root)
  .action((options: { root: string }) => checkBoundaries(root, options.root, print));

program
  .command('line-length')
  .description('Check that no line of a tracked text file is too long.')
  .action(() => checkLineLength(root, print));

program
  .command('new-subgraph')
  .description('Create a subgraph: its folders, its database schema, its tests, and its entries in the tables.')
  .argument('<name>', 'lower-case letters and digits, for example review')
  .option('--plural <name>', 'the plural of an irregular noun, for example people')
  .action((name: string, { plural }: { plural?: string }) => runNewSubgraph({ root, name, plural, report: print }));

program
  .command('graphiql')
  .description('Bundle the page of /graphiql.')
  .action(() => buildGraphiql(root));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
