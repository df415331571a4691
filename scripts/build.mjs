// @ts-check
// Bundles programs into dist/.
//
//   node scripts/build.mjs [all | tooling | programs]
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { createBuildOptions, createServerBuildOptions, listPrograms, listServers, tooling } from './setup/bundles.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [selection = 'all'] = process.argv.slice(2);
/** @type {Record<string, string>} */
const selected = {
  ...(selection === 'programs' ? {} : tooling),
  ...(selection === 'tooling' ? {} : listPrograms(root)),
};
const { shop, ...programs } = selected;
const servers = new Set(listServers(root));
/** @type {(isServer: boolean) => Record<string, string>} */
const pick = (isServer) =>
  Object.fromEntries(Object.entries(programs).filter(([name]) => servers.has(name) === isServer));
await Promise.all([
  esbuild.build(createServerBuildOptions(root, pick(true))),
  esbuild.build(createBuildOptions(root, pick(false))),
]);
if (shop !== undefined) {
  // A command loads its own code when it runs, from dist/shop/: a production image lacks packages that some commands
  // need.
  await rm(path.join(root, 'dist/shop'), { recursive: true, force: true });
  await esbuild.build({ ...createBuildOptions(root, { shop }), splitting: true, chunkNames: 'shop/[name]-[hash]' });
}
