// @ts-check
// Bundles programs into dist/.
//
//   node scripts/build.mjs [all | tooling | programs]
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import {
  createBuildOptions,
  createStandaloneBuildOptions,
  listPrograms,
  listStandalone,
  tooling,
} from './setup/bundles.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [selection = 'all'] = process.argv.slice(2);
/** @type {Record<string, string>} */
const selected = {
  ...(selection === 'programs' ? {} : tooling),
  ...(selection === 'tooling' ? {} : listPrograms(root)),
};
const { shop, ...programs } = selected;
const standalone = new Set(listStandalone(root));
/** @type {(isStandalone: boolean) => Record<string, string>} */
const pick = (isStandalone) =>
  Object.fromEntries(Object.entries(programs).filter(([name]) => standalone.has(name) === isStandalone));
await Promise.all([
  esbuild.build(createStandaloneBuildOptions(root, pick(true))),
  esbuild.build(createBuildOptions(root, pick(false))),
]);
if (shop !== undefined) {
  // A command loads its own code when it runs, from dist/shop/: a production image lacks packages that some commands
  // need.
  await rm(path.join(root, 'dist/shop'), { recursive: true, force: true });
  await esbuild.build({
    ...createStandaloneBuildOptions(root, { shop }),
    splitting: true,
    chunkNames: 'shop/[name]-[hash]',
  });
}
