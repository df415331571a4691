import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import esbuild, { type BuildOptions } from 'esbuild';

/**
 * Bundles `src/session.ts`, as an app's bundler does.
 *
 * @returns for `node` the URL of the module; for `browser` the text of a script that sets `globalThis.clients`
 */
export async function bundle(platform: 'node' | 'browser'): Promise<string> {
  const shared: BuildOptions = {
    bundle: true,
    format: 'esm',
    platform,
    conditions: ['@shop/source'],
    logLevel: 'silent',
  };
  if (platform === 'node') {
    const outfile = path.resolve('clients/codegen/generated/session.mjs');
    await mkdir(path.dirname(outfile), { recursive: true });
    await esbuild.build({ ...shared, entryPoints: ['clients/codegen/src/session.ts'], outfile });
    return pathToFileURL(outfile).href;
  }
  const { outputFiles } = await esbuild.build({
    ...shared,
    stdin: {
      contents: "import { clients } from './session.ts'; globalThis.clients = clients;",
      resolveDir: path.resolve('clients/codegen/src'),
      loader: 'ts',
    },
    define: { 'process.env.NODE_ENV': '"production"', 'globalThis.__DEV__': 'false' },
    write: false,
  });
  return String(outputFiles?.[0]?.text);
}
