// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashFiles, openStamp } from './inputs.mjs';
import { runNode } from './run.mjs';

const build = ['scripts/build.mjs', 'scripts/setup/bundles.mjs', 'package-lock.json'];
const toolingInputs = ['packages', 'scripts/setup/inputs.mjs', ...build];
const programInputs = ['packages', 'subgraphs', 'gateway', 'clients', 'cli', 'bench', 'e2e', 'examples', ...build];

/**
 * Bundles the tools that the other steps need.
 *
 * @param {import('./set-up.mjs').StepContext} context
 */
export async function buildTooling({ root }) {
  return buildWhenChanged(root, 'tooling', toolingInputs, 'dist/tooling.js');
}

/**
 * Bundles all other programs.
 *
 * @param {import('./set-up.mjs').StepContext} context
 */
export async function buildPrograms({ root }) {
  return buildWhenChanged(root, 'programs', programInputs, 'dist/start.js');
}

/** @type {(root: string, selection: 'tooling' | 'programs', inputs: readonly string[], output: string) => Promise<string>} */
async function buildWhenChanged(root, selection, inputs, output) {
  const stamp = openStamp(root, selection);
  const hash = await hashFiles(root, inputs, (file) => !/\.test\.ts$|\.md$|\.tsbuildinfo$/.test(file));
  if ((await stamp.read()) === hash && existsSync(path.join(root, output))) return 'up to date';
  await runNode(['scripts/build.mjs', selection], { root });
  await stamp.write(hash);
  return 'built';
}
