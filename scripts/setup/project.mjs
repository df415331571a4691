// @ts-check
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

/** The project's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

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
