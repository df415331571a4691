import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashOf, stampOf } from './inputs.mjs';
import { runNode } from './run.mjs';

const PLACES = [
  'gateway/graphiql',
  'gateway/src/persisted-operations/free-text-header.ts',
  'scripts/graphiql.mjs',
  'node_modules/graphiql/package.json',
  'node_modules/@graphiql/react/package.json',
  'node_modules/monaco-editor/package.json',
];

/** Bundles the page of /graphiql into `dist/graphiql` when it or its libraries have changed. */
export async function buildGraphiql({ root }) {
  const stamp = stampOf(root, 'graphiql');
  const hash = await hashOf(root, PLACES);
  if ((await stamp.read()) === hash && existsSync(path.join(root, 'dist/graphiql/index.html'))) return 'up to date';
  await runNode(['scripts/graphiql.mjs'], { root });
  await stamp.write(hash);
  return 'built';
}
