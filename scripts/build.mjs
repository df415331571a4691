// @ts-check
// Bundles programs into dist/.
//
//   node scripts/build.mjs [all | tooling | programs]
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { createBuildOptions, listPrograms, tooling } from './setup/bundles.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [selection = 'all'] = process.argv.slice(2);
const programs = {
  ...(selection === 'programs' ? {} : tooling),
  ...(selection === 'tooling' ? {} : listPrograms(root)),
};
await esbuild.build(createBuildOptions(root, programs));
