// @ts-check
// `npm test`: sets the checkout up, then runs packages/testing/src/run-tests. `npm test -- --help` lists what it takes.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = `Runs the checks and the tests of the project. Sets the checkout up first.

  npm test [-- STEP… | PATH…] [-- --watch | --repeat-failed]
  npm run test:long [-- STEP… | PATH…]
  npm run test:coverage [-- STEP… | PATH…]

  STEP        a check (such as types, lint, boundaries) or a tier of tests: unit, component, composition, e2e
  PATH        a test file, a folder with tests, or a source file: the tests that import it
  --watch     repeats the tests after each change of a file
  --long      runs property tests, races and fault tests in their long forms; without a STEP or a PATH also the
              component tests of the gateway with the stock engine
  --engine=stock
              component tests start gateways with GATEWAY_ENGINE=stock
  --coverage  prints a coverage report, and writes it to coverage/; by default without the e2e tier
  --repeat-failed
              runs up to ten files that failed once more, one after another, takes that result and names them

Without a STEP or a PATH everything runs. At the end the skipped tests are listed with the reason of each.
It exits with 1 when a check or a test fails, or when a test is skipped that
packages/testing/src/run-tests/allowed-skips.ts does not list, and with 2 for a wrong argument.`;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(USAGE);
  process.exit(0);
}
const { setUp } = await import('./setup/set-up.mjs');
await setUp({ root, generateCommitted: false });
const { tsImport } = await import('tsx/esm/api');
const { runTests } = await tsImport('../packages/testing/src/run-tests/run-tests.ts', import.meta.url);
process.exit(await runTests(args, root));
