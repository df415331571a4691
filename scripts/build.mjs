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
  createLauncherBuildOptions,
  createScriptBuildOptions,
  createStandaloneBuildOptions,
  listLaunched,
  listPrograms,
  listStandalone,
  tooling,
} from './setup/bundles.mjs';
import { runNode } from './setup/run.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [selection = 'all'] = process.argv.slice(2);
/** @type {Record<string, string>} */
const selected = {
  ...(selection === 'programs' ? {} : tooling),
  ...(selection === 'tooling' ? {} : listPrograms(root)),
};
const { shop, ...programs } = selected;
const launched = listLaunched(root).filter((name) => name in programs);
const scripts = 'tracing-sdk' in programs ? [...launched, 'tracing-sdk'] : launched;
const standalone = listStandalone(root).filter((name) => !scripts.includes(name));
const others = Object.keys(programs).filter((name) => !scripts.includes(name) && !standalone.includes(name));
/** @type {(names: readonly string[]) => Record<string, string>} */
const pick = (names) => Object.fromEntries(Object.entries(programs).filter(([name]) => names.includes(name)));
await Promise.all([
  esbuild.build(createScriptBuildOptions(root, pick(scripts))),
  esbuild.build(createLauncherBuildOptions(root, launched)),
  esbuild.build(createStandaloneBuildOptions(root, pick(standalone))),
  esbuild.build(createBuildOptions(root, pick(others))),
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
await Promise.all(launched.map((name) => runNode([`dist/${name}.js`, '--write-code-cache'], { root })));
