// @ts-check
// Hooks of Node's module loader: TypeScript without its types, and our packages as sources. Only the types are blanked out, so lines and
// columns in stack traces are those of the source.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

let cache = '';

/** @param {{ cache: string }} options `cache` is the directory of stripped files. */
export async function initialize(options) {
  ({ cache } = options);
  await mkdir(cache, { recursive: true });
}

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, nextResolve) {
  if (specifier === '@jest/globals')
    return { url: new URL('./globals.mjs', import.meta.url).href, shortCircuit: true, format: 'module' };
  return nextResolve(specifier, { ...context, conditions: ['@shop/source', ...context.conditions] });
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  return { format: 'module', shortCircuit: true, source: await readStripped(fileURLToPath(url)) };
}

/** @param {string} file */
async function readStripped(file) {
  const source = await readFile(file, 'utf8');
  const cached = path.join(cache, createHash('sha256').update(source).digest('hex'));
  try {
    return await readFile(cached, 'utf8');
  } catch {
    const { default: stripTypes } = await import('ts-blank-space');
    const stripped = stripTypes(source, (node) => {
      throw new Error(`${file} has TypeScript that is more than types: ${node.getText()}`);
    });
    const written = `${cached}.${process.pid}.${Math.random()}`;
    await writeFile(written, stripped);
    await rename(written, cached);
    return stripped;
  }
}
