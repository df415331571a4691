// @ts-check
import { runNode } from './run.mjs';

/**
 * Generates the sources of the programs: clients of the databases and, with `committed`, the committed files whose
 * inputs changed.
 *
 * @param {import('./set-up.mjs').StepContext} context
 * @param {boolean} committed
 */
export async function generateFiles({ root, report }, committed) {
  const output = await runNode(['dist/tooling.js', 'generate', ...(committed ? [] : ['--local'])], {
    root,
    onLine: (line) => {
      if (!line.includes('up to date')) report(line);
    },
  });
  return output.split('\n').some((line) => line !== '' && !line.includes('up to date')) ? 'done' : 'up to date';
}
