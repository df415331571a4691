import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { readCodeCache, writeCodeCache } from './code-cache.ts';
import { mapStackTraces } from './map-stack-traces.ts';

/** To run the program, or only to load its modules and to keep the code that V8 compiles for that. */
export type LaunchMode = 'run' | 'write code cache';

/** The parameters of a CommonJS module. They stand on the first line of the bundle, so that the numbers of lines stay right. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';

/**
 * Runs a bundle of CommonJS modules, which imports no module while it runs, with the code that V8 compiled when the bundle was built.
 * Without that, V8 spends half of the time until the modules of a server are loaded on compiling them. A missing cache, and one of another
 * bundle or version of Node, cost only that time. See docs/decisions/047-servers-start-from-compiled-code.md.
 *
 * @param bundle absolute path
 */
export function launch(bundle: string, mode: LaunchMode): void {
  const source = readFileSync(bundle);
  const script = compile(bundle, source, mode === 'run' ? readCodeCache(bundle, source) : undefined);
  if (process.sourceMapsEnabled) mapStackTraces(bundle);
  const module = { exports: {} };
  const evaluate = script.runInThisContext() as (...parameters: unknown[]) => void;
  const load = () => evaluate(module.exports, createRequire(bundle), module, bundle, path.dirname(bundle));
  if (mode === 'run') return load();

  try {
    load();
  } catch {
    // A thread's program fails outside of its thread. The cache has the code of all modules that were loaded before.
  }
  writeCodeCache(bundle, source, script.createCachedData());
  // Modules are loaded without waiting, so the process ends before a server has begun to start its parts.
  process.exit(0);
}

export function compile(bundle: string, source: Buffer, cachedData: Buffer | undefined): Script {
  return new Script(`${HEAD}${source.toString(isAscii(source) ? 'latin1' : 'utf8')}\n})`, {
    filename: bundle,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}
