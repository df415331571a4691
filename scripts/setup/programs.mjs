import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashOf, stampOf } from './inputs.mjs';
import { runNode } from './run.mjs';

const PLACES = [
  'packages',
  'subgraphs',
  'gateway',
  'clients',
  'cli',
  'bench',
  'e2e',
  'scripts/build.mjs',
  'package-lock.json',
];
const isSource = (file) => !/\.test\.ts$|\.md$|\.tsbuildinfo$/.test(file);

/** Bundles the programs into `dist` when a source has changed. */
export async function buildPrograms({ root }) {
  const stamp = stampOf(root, 'programs');
  const hash = await hashOf(root, PLACES, isSource);
  if ((await stamp.read()) === hash && existsSync(path.join(root, 'dist/start.js'))) return 'up to date';
  await runNode(['scripts/build.mjs'], { root });
  await stamp.write(hash);
  return 'built';
}
