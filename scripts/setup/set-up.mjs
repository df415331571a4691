import { buildGraphiql } from './graphiql.mjs';
import { buildPrograms } from './programs.mjs';
import { composeSupergraph } from './supergraph.mjs';
import { generatePrismaClients } from './prisma-clients.mjs';
import { installDependencies } from './dependencies.mjs';
import { requireNodeVersion } from './node-version.mjs';
import { releaseSignals, StepFailed } from './run.mjs';
import { withSetupLock } from './lock.mjs';

/**
 * Brings a checkout to where its programs can run, doing only what is not done yet; prints one line a step. Ends the process
 * with 1 when a step fails.
 *
 * `compose: false` leaves gateway/supergraph.graphql as it is, for a check of whether what is committed is up to date;
 * `graphiql: false` leaves out the page for developers, which production does not have; `quiet: true` reports only the steps
 * that did something.
 */
export async function setUp({ root, report = console.log, compose = true, graphiql = true, quiet = false }) {
  requireNodeVersion();
  const step = async (name, work) => {
    const start = performance.now();
    const outcome = await work({ root, report });
    if (quiet && outcome === 'up to date') return;
    report(`${name.padEnd(12)} ${outcome.padEnd(44)} ${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`);
  };
  try {
    await withSetupLock(root, report, async () => {
      await step('dependencies', installDependencies);
      await Promise.all([
        step('prisma', generatePrismaClients),
        ...(compose ? [step('supergraph', composeSupergraph)] : []),
      ]);
      await Promise.all([step('programs', buildPrograms), ...(graphiql ? [step('graphiql', buildGraphiql)] : [])]);
    });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  releaseSignals();
}
