import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';

/** Bundles the page of /graphiql and Monaco's workers into dist/graphiql. The page loads nothing from other hosts. */
export async function buildGraphiql(root: string): Promise<void> {
  const esbuild = await import('esbuild');
  const outdir = path.join(root, 'dist/graphiql');
  const common: BuildOptions = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    legalComments: 'linked',
  };
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  await Promise.all([
    esbuild.build({
      ...common,
      format: 'esm',
      splitting: true,
      entryPoints: { page: 'gateway/graphiql/page.mjs' },
      loader: { '.ttf': 'file', '.woff2': 'file', '.graphql': 'text' },
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
    esbuild.build({
      ...common,
      format: 'iife',
      entryPoints: {
        'editor-worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'json-worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
        'graphql-worker': 'monaco-graphql/esm/graphql.worker.js',
      },
    }),
    ...['index.html', 'frame.css'].map((name) =>
      copyFile(path.join(root, 'gateway/graphiql', name), path.join(outdir, name)),
    ),
  ]);
}
