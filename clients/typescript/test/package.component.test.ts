import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import esbuild from 'esbuild';

const TSC = path.resolve('node_modules/typescript/bin/tsc');
const source = 'clients/typescript';
const { dependencies, exports } = JSON.parse(readFileSync(`${source}/package.json`, 'utf8')) as {
  readonly dependencies: Record<string, string>;
  readonly exports: { readonly '.': Record<string, string> };
};
let app: string;
let installed: string;

/** The package as its users install it: in another app, with its dependencies and nothing else. */
beforeAll(() => {
  app = mkdtempSync(path.join(tmpdir(), 'commerce-app-'));
  installed = path.join(app, 'node_modules/@shop/client');
  mkdirSync(installed, { recursive: true });
  cpSync(`${source}/package.json`, path.join(installed, 'package.json'));
  for (const name of Object.keys(dependencies)) {
    const link = path.join(app, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', name), link);
  }
  expect(tsc('-p', `${source}/tsconfig.build.json`, '--outDir', path.join(installed, 'dist'))).toEqual({
    status: 0,
    stdout: '',
  });
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

function tsc(...args: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [TSC, ...args], { encoding: 'utf8' });
  return { status, stdout };
}

/** A browser bundle of an app's imports. */
async function bundle(text: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: text, resolveDir: app, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

test('the package has every file that package.json names', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: source,
    encoding: 'utf8',
  });
  const packed = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map((file) => file.path);
  expect(packed).toEqual(
    expect.arrayContaining(['README.md', 'LICENSE', 'package.json', 'persisted-operations.json', 'schema.graphql']),
  );
  expect(packed.filter((file) => /^(src|test|examples)\//.test(file))).toEqual([]);
  for (const condition of ['types', 'default'])
    expect(readdirSync(path.join(installed, 'dist'))).toContain(path.basename(exports['.'][condition]!));
});

test('the package runs in Node with only its dependencies', () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      "import * as client from '@shop/client'; console.log(typeof client.createShopClient, client.Me.name)",
    ],
    { cwd: app, encoding: 'utf8' },
  );
  expect(stdout).toBe('function Me\n');
});

test('the package imports no Node modules and no undeclared packages', () => {
  const files = readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  expect(files.length).toBeGreaterThan(15);
  const imports = files.flatMap((file) =>
    [...readFileSync(path.join(installed, 'dist', file), 'utf8').matchAll(/from ["']([^"']+)["']/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(new Set(imports.filter((name) => !/^\.\.?\//.test(name) || builtinModules.includes(name)))).toEqual(
    new Set(Object.keys(dependencies)),
  );
});

describe('a bundle contains only its imports', () => {
  test('an operation brings no other operation into the bundle', async () => {
    const text = await bundle("export { ProductPage } from '@shop/client'");
    expect(text).toContain('query ProductPage');
    expect(text.match(/(query|mutation) \w+/g)).toEqual(['query ProductPage']);
    expect(text).not.toContain('fetch');
    expect(text.length).toBeLessThan(1_000);
  });

  test('the client brings only its own operation into the bundle', async () => {
    const text = await bundle("export { createShopClient } from '@shop/client'");
    expect(text.match(/(query|mutation) [A-Z]\w+/g)).toEqual(['mutation RefreshSession']);
    expect(text.length).toBeLessThan(44_000);
  });

  test('an unused import adds nothing to the bundle', async () => {
    expect(await bundle("import '@shop/client'")).toBe('');
  });
});

test('the README’s usage compiles, and a misuse does not', () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${source}/README.md`, 'utf8')) ?? [];
  expect(example).toContain('createShopClient');
  writeFileSync(path.join(app, 'package.json'), '{"type":"module"}');
  writeFileSync(
    path.join(app, 'app.ts'),
    `${example}
    import { ProductPage } from '@shop/client';
    const { product } = await shop.request(ProductPage, { id: 'p' });
    export const name: string | undefined = product?.name;
    // @ts-expect-error a name is no number
    export const number: number | undefined = product?.name;
  `,
  );
  writeFileSync(
    path.join(app, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2022', 'dom'],
        strict: true,
        noEmit: true,
        types: [],
      },
      files: ['app.ts'],
    }),
  );
  expect(tsc('-p', app)).toEqual({ status: 0, stdout: '' });
});
