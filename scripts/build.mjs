// @ts-check
// Bundles programs into dist/: our own packages are inlined, packages from the registry stay imports.
//
//   node scripts/build.mjs [all | tooling | programs]
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The tools of the other steps of the set-up. They are bundled first. */
export const tooling = { tooling: 'packages/tooling/src/main.ts' };

/** Every other program, by its name in dist/. */
export const programs = {
  gateway: 'gateway/src/server.ts',
  user: 'subgraphs/user/src/server.ts',
  product: 'subgraphs/product/src/server.ts',
  order: 'subgraphs/order/src/server.ts',
  'user-seed': 'subgraphs/user/src/seed.ts',
  'product-seed': 'subgraphs/product/src/seed.ts',
  start: 'packages/stack/src/main.ts',
  migrate: 'cli/src/migrate/migrate.ts',
  events: 'cli/src/events/events.ts',
  keys: 'cli/src/keys.ts',
  catalogue: 'cli/src/catalogue/main.ts',
  reconcile: 'cli/src/reconcile/main.ts',
  bench: 'bench/main.ts',
  'examples/shop-session': 'clients/typescript/examples/shop-session.ts',
  'examples/back-office-session': 'clients/typescript/examples/back-office-session.ts',
  faults: 'e2e/faults/main.ts',
  'bench-load': 'bench/orders/load-process.ts',
};

/** @type {import('esbuild').Plugin} */
const keepRegistryPackages = {
  name: 'keep-registry-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@shop/') ? undefined : { path: name, external: true },
    );
  },
};

/**
 * Options with which every program is bundled.
 *
 * @param {Record<string, string>} entryPoints
 * @returns {import('esbuild').BuildOptions & { entryPoints: Record<string, string> }}
 */
export const createBuildOptions = (entryPoints) => ({
  absWorkingDir: root,
  entryPoints,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@shop/source'],
  sourcemap: true,
  sourcesContent: false,
  plugins: [keepRegistryPackages],
  logLevel: 'warning',
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [selection = 'all'] = process.argv.slice(2);
  const entryPoints = { ...(selection === 'programs' ? {} : tooling), ...(selection === 'tooling' ? {} : programs) };
  await esbuild.build(createBuildOptions(entryPoints));
}
