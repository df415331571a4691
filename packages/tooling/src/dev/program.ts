import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildContext, BuildFailure } from 'esbuild';
import { createBuildOptions } from '../../../../scripts/setup/bundles.mjs';

/** The outcome of {@link DevelopedProgram.rebuild}. */
export type Rebuild = 'changed' | 'unchanged' | 'failed';

/** A program that is bundled again when a file of it changes. */
export interface DevelopedProgram {
  readonly name: string;
  /** True when the program is bundled from one of these files, or could not be bundled last time. */
  dependsOn(files: readonly string[]): boolean;
  /**
   * Bundles the program, and writes the bundle when it differs. esbuild prints the errors of a program that it cannot
   * bundle.
   */
  rebuild(): Promise<Rebuild>;
  dispose(): Promise<void>;
}

/** Bundles a program for the first time, and remembers its files. */
export async function developProgram(root: string, name: string, entry: string): Promise<DevelopedProgram> {
  const esbuild = await import('esbuild');
  const options = createBuildOptions(root, { [name]: entry });
  const context: BuildContext<{ write: false; metafile: true }> = await esbuild.context({
    ...options,
    write: false,
    metafile: true,
  });
  let inputs = new Set<string>([entry]);
  let hash = '';
  let hasFailed = false;

  async function rebuild(): Promise<Rebuild> {
    const result = await context.rebuild().catch((error: BuildFailure) => error);
    hasFailed = result instanceof Error;
    if (result instanceof Error) return 'failed';
    inputs = new Set(Object.keys(result.metafile.inputs));
    const built = createHash('sha256');
    for (const file of result.outputFiles) if (file.path.endsWith('.js')) built.update(file.contents);
    const next = built.digest('hex');
    if (next === hash) return 'unchanged';
    hash = next;
    for (const { path: file, contents } of result.outputFiles) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, contents);
    }
    return 'changed';
  }

  await rebuild();
  return {
    name,
    dependsOn: (files) => hasFailed || files.some((file) => inputs.has(file)),
    rebuild,
    dispose: () => context.dispose(),
  };
}
