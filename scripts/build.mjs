// Bundles each program into dist/: our own packages are inlined, everything from the registry stays an import.
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The programs of each subgraph: `<name>`, and `<name>-seed` where it has a seed. */
const subgraphPrograms = Object.fromEntries(
  readdirSync(path.join(root, 'subgraphs'))
    .flatMap((name) => [
      [name, `subgraphs/${name}/src/server.ts`],
      [`${name}-seed`, `subgraphs/${name}/src/seed.ts`],
    ])
    .filter(([, file]) => existsSync(path.join(root, file))),
);

export const programs = {
  gateway: 'gateway/src/server.ts',
  ...subgraphPrograms,
  tooling: 'packages/tooling/src/main.ts',
  start: 'packages/stack/src/main.ts',
  shop: 'cli/src/main.ts',
  bench: 'bench/main.ts',
  'examples/shop-session': 'clients/typescript/examples/shop-session.ts',
  'examples/back-office-session': 'clients/typescript/examples/back-office-session.ts',
  faults: 'e2e/faults/main.ts',
  'bench-load': 'bench/orders/load-process.ts',
};

const registryPackagesStayImports = {
  name: 'registry-packages-stay-imports',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@shop/') ? undefined : { path: name, external: true },
    );
  },
};

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@shop/source'],
  sourcemap: true,
  sourcesContent: false,
  plugins: [registryPackagesStayImports],
  logLevel: 'warning',
};

export async function build() {
  const { shop, ...others } = programs;
  await rm(path.join(root, 'dist/shop'), { recursive: true, force: true });
  await Promise.all([
    esbuild.build({ ...options, entryPoints: others }),
    // A command loads what it alone needs when it runs, from dist/shop: an image for production lacks some of it.
    esbuild.build({ ...options, entryPoints: { shop }, splitting: true, chunkNames: 'shop/[name]-[hash]' }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
