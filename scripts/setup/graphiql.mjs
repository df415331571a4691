// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashFiles, openStamp } from './inputs.mjs';
import { runNode } from './run.mjs';

const inputs = ['gateway/graphiql', 'gateway/src', 'packages/tooling/src/build-graphiql.ts', 'package-lock.json'];

/**
 * Bundles the page of /graphiql into `dist/graphiql` when the page or a library of it has changed.
 *
 * @param {import('./set-up.mjs').StepContext} context
 */
export async function buildGraphiql({ root }) {
  const stamp = openStamp(root, 'graphiql');
  const hash = await hashFiles(root, inputs);
  if ((await stamp.read()) === hash && existsSync(path.join(root, 'dist/graphiql/index.html'))) return 'up to date';
  await runNode(['dist/tooling.js', 'graphiql'], { root });
  await stamp.write(hash);
  return 'built';
}
