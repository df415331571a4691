// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

/** The project's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * True when only help is wanted and the built program can show it, even if it is out of date. Help needs no set-up.
 *
 * @param {string} program a file of dist/
 */
export function isHelpReady(program) {
  const wantsHelp = process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h');
  return wantsHelp && existsSync(path.join(root, program));
}

/** Makes the project's root the current directory, and sets the checkout up. */
export async function setUpProject() {
  process.chdir(root);
  await setUp({ root });
}

/** Makes the project's root the current directory, and sets up only what dist/tooling.js needs. */
export async function prepareTooling() {
  process.chdir(root);
  await setUp({ root, only: 'tooling', report: () => {} });
}
