// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The tools of the other steps of the set-up, by their name in dist/. They are bundled first. */
export const tooling = { tooling: 'packages/tooling/src/main.ts' };

/** @type {Readonly<Record<string, string>>} */
const fixedPrograms = {
  gateway: 'gateway/src/server.ts',
  start: 'packages/stack/src/main.ts',
  dev: 'packages/tooling/src/dev/main.ts',
  shop: 'cli/src/main.ts',
  bench: 'bench/main.ts',
  'examples/shop-session': 'clients/typescript/examples/shop-session.ts',
  'examples/back-office-session': 'clients/typescript/examples/back-office-session.ts',
  faults: 'e2e/faults/main.ts',
  powercut: 'e2e/powercut/main.ts',
  'bench-load': 'bench/orders/load-process.ts',
};

/**
 * Lists every other program by its name in dist/. A subgraph has the program `<name>`, and `<name>-seed` when it has
 * first data.
 *
 * @param {string} root
 * @returns {Record<string, string>}
 */
export function listPrograms(root) {
  const subgraphs = readdirSync(path.join(root, 'subgraphs'))
    .flatMap((name) => [
      [name, `subgraphs/${name}/src/server.ts`],
      [`${name}-seed`, `subgraphs/${name}/src/seed.ts`],
    ])
    .filter(([, file = '']) => existsSync(path.join(root, file)));
  return { ...Object.fromEntries(subgraphs), ...fixedPrograms };
}

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
 * Options with which programs are bundled: our own packages are inlined, packages from the registry stay imports.
 *
 * @param {string} root
 * @param {Record<string, string>} entryPoints
 * @returns {import('esbuild').BuildOptions}
 */
export const createBuildOptions = (root, entryPoints) => ({
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
