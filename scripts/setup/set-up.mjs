// @ts-check
import { buildGraphiql } from './graphiql.mjs';
import { generateFiles } from './generated.mjs';
import { installDependencies } from './dependencies.mjs';
import { runExclusively } from './lock.mjs';
import { requireNodeVersion } from './node-version.mjs';
import { buildPrograms, buildTooling } from './programs.mjs';
import { releaseSignals, StepFailed } from './run.mjs';

/**
 * @typedef {object} SetUpOptions
 * @property {string} root the project's root
 * @property {(line: string) => void} [report] gets a line for each step
 * @property {boolean} [generateCommitted] Default: true. `false` leaves committed files as they are and generates only the others: for
 *   a check of the committed files, and for an image that is built from them.
 * @property {'tooling'} [only] stops when the tools of the other steps are built
 * @property {boolean} [quiet] Default: false. `true` reports only the steps that did something.
 * @property {boolean} [graphiql] Default: true. `false` leaves out the page for developers, which production does not have.
 */

/** @typedef {{ root: string, report: (line: string) => void }} StepContext */

/**
 * Prepares a checkout so that its programs can run, and does only the missing steps. Ends the process with 1 when a
 * step fails.
 *
 * @param {SetUpOptions} options
 */
export async function setUp(options) {
  const { root, report = console.log, only, generateCommitted = true, graphiql = true, quiet = false } = options;
  requireNodeVersion();
  /** @type {(name: string, work: (context: StepContext) => Promise<string>) => Promise<void>} */
  const step = async (name, work) => {
    const start = performance.now();
    const outcome = await work({ root, report });
    if (quiet && outcome === 'up to date') return;
    report(`${name.padEnd(12)} ${outcome.padEnd(52)} ${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`);
  };
  try {
    await runExclusively(root, report, async () => {
      await step('dependencies', installDependencies);
      await step('tooling', buildTooling);
      if (only === 'tooling') return;
      await step('generate', (context) => generateFiles(context, generateCommitted));
      await Promise.all([step('programs', buildPrograms), ...(graphiql ? [step('graphiql', buildGraphiql)] : [])]);
    });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  releaseSignals();
}
