// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The tools of the other steps of the set-up, by their name in dist/. They are bundled first. */
export const tooling = { tooling: 'packages/tooling/src/main.ts' };

/** @type {Readonly<Record<string, string>>} */
const fixedPrograms = {
  gateway: 'gateway/src/server.ts',
  'signing-proxy': 'gateway/src/signing-proxy/server.ts',
  mailbox: 'packages/mailbox/src/server.ts',
  // The gateway starts it as a thread, from the file beside its own.
  'planner-worker': 'gateway/src/planning/planner-worker.js',
  // Its planner is native code that stands beside the gateway, so it is no standalone bundle.
  'hive-planner-worker': 'gateway/src/planning/hive-planner-worker.js',
  // The servers load it, from the file beside their own, when they export traces.
  'tracing-sdk': 'packages/process/src/telemetry/tracing/tracing-sdk.cjs',
  start: 'packages/stack/src/main.ts',
  dev: 'packages/tooling/src/dev/main.ts',
  shop: 'cli/src/main.ts',
  bench: 'bench/main.ts',
  'examples/shop-session': 'clients/typescript/examples/shop-session.ts',
  'examples/back-office-session': 'clients/typescript/examples/back-office-session.ts',
  'examples/hive-gateway': 'examples/hive-gateway/gateway.config.ts',
  faults: 'e2e/faults/main.ts',
  powercut: 'e2e/powercut/main.ts',
  attacks: 'e2e/attacks/main.ts',
  'bench-load': 'bench/orders/load-process.ts',
  'bench-gateway-load': 'bench/gateway/load-process.ts',
  'bench-gateway-stock': 'bench/gateway/stock-process.ts',
  'bench-gateway-subgraphs': 'bench/gateway/subgraphs-process.ts',
  'bench-shops-load': 'bench/shops/load-process.ts',
  'bench-shops-vendure': 'bench/shops/vendure-process.ts',
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

/**
 * Lists the programs that run often or in production, by their names in dist/: the servers, those of the gateway with its thread and the
 * signing proxy, the seeds, the start of the system and the operator's commands. Their bundles contain the registry packages.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function listStandalone(root) {
  const ofSubgraphs = Object.entries(listPrograms(root)).flatMap(([name, file]) =>
    file.startsWith('subgraphs/') ? [name] : [],
  );
  return ['gateway', 'planner-worker', 'signing-proxy', 'tracing-sdk', 'mailbox', 'start', 'shop', ...ofSubgraphs];
}

/**
 * Lists the programs that start from compiled code, by their names in dist/: the servers and the gateway's thread. `<name>.js` launches the
 * bundle `<name>.cjs`.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function listLaunched(root) {
  const isServer = (/** @type {string} */ name) => listPrograms(root)[name]?.endsWith('/src/server.ts');
  return [...listStandalone(root).filter(isServer), 'planner-worker'];
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

/** Packages that find a file next to their own, and a large module that is loaded on demand. */
const notBundled = ['argon2', 'pg-native', '@prisma/schema-engine-wasm', '@prisma/client/runtime/*.wasm-base64.mjs'];

/**
 * The tools import development dependencies, which a production image lacks. An operator's command loads the tools when it needs them.
 *
 * @type {import('esbuild').Plugin}
 */
const keepPackagesOfTools = {
  name: 'keep-packages-of-tools',
  setup(build) {
    const tools = path.join(build.initialOptions.absWorkingDir ?? '', 'packages/tooling/');
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, importer }) =>
      importer.startsWith(tools) && !name.startsWith('@shop/') ? { path: name, external: true } : undefined,
    );
  },
};

/**
 * Names the file of a package in stack traces, without its lines. A map of all packages would have several megabytes, and Node parses the
 * map at the first error.
 *
 * @type {import('esbuild').Plugin}
 */
const mapPackagesToFiles = {
  name: 'map-packages-to-files',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path: file }) => {
      const map = JSON.stringify({ version: 3, sources: [path.basename(file)], mappings: 'AAAA' });
      const comment = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      return { contents: (await readFile(file, 'utf8')) + comment, loader: 'js' };
    });
  },
};

/**
 * Options with which the programs of {@link listStandalone} are bundled, registry packages included: finding and reading their thousand
 * files takes longer than everything else that a server does before it is ready.
 *
 * @param {string} root
 * @param {Record<string, string>} entryPoints
 * @returns {import('esbuild').BuildOptions}
 */
export const createStandaloneBuildOptions = (root, entryPoints) => ({
  ...createBuildOptions(root, entryPoints),
  // Some packages have a second form for `import`. Both in one bundle would be two instances, which GraphQL refuses.
  mainFields: ['main'],
  external: notBundled,
  // CommonJS modules in the bundle call it for Node's own modules.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  plugins: [keepPackagesOfTools, mapPackagesToFiles],
});

/**
 * A script from V8's cache cannot import modules in Node 20, so its dynamic imports become calls of `require`, which Prisma's module has a
 * form for.
 *
 * @type {import('esbuild').Plugin}
 */
const requirePrismaCompiler = {
  name: 'require-prisma-compiler',
  setup(build) {
    build.onResolve({ filter: /^@prisma\/client\/runtime\/.*\.wasm-base64\.mjs$/ }, ({ path: name }) => ({
      path: name.replace(/\.mjs$/, '.js'),
      external: true,
    }));
  },
};

/**
 * Options with which bundles of CommonJS modules are made, as `<name>.cjs`. In Node 20, V8 keeps the code of scripts only.
 *
 * @param {string} root
 * @param {Record<string, string>} entryPoints
 * @returns {import('esbuild').BuildOptions}
 */
export function createScriptBuildOptions(root, entryPoints) {
  const options = createStandaloneBuildOptions(root, entryPoints);
  return {
    ...options,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'urlOfBundle' },
    banner: { js: "const urlOfBundle = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [requirePrismaCompiler, ...(options.plugins ?? [])],
  };
}

/**
 * Options with which the launchers of {@link listLaunched} are made: one program, under the name of each of them.
 *
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {import('esbuild').BuildOptions}
 */
export const createLauncherBuildOptions = (root, names) =>
  createBuildOptions(root, Object.fromEntries(names.map((name) => [name, 'packages/process/src/launcher/main.ts'])));
