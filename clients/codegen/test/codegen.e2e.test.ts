import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openSharedShop, type SharedShop } from '../../../e2e/shop.ts';
import { readManifests } from '../../../gateway/src/persisted-operations/read-manifests.ts';
import { findChromium, openBrowser } from '../../../gateway/test/browser.ts';
import { bundle } from './bundle.ts';
import { generate } from './generate.ts';

const names = ['withShopClient', 'withUrql', 'withApollo'] as const;

let shop: SharedShop;
/** A product of the shop, by the SKU that the clients search for. */
let sku: string;

beforeAll(async () => {
  await generate();
  shop = await openSharedShop();
  sku = `codegen-${randomUUID()}`;
  await shop.newProduct({ sku, name: 'A typed cup' });
});

const expected = { headings: expect.any(Number), found: 'A typed cup', accounts: ['RegisterSuccess', 'EmailTaken'] };
const newEmail = () => `${randomUUID()}@example.com`;

test('docs/client.md shows the configuration', () => {
  expect(readFileSync('docs/client.md', 'utf8')).toContain(readFileSync('clients/codegen/codegen.ts', 'utf8'));
});

test('the gateway reads the persisted documents of the preset', () => {
  expect(readManifests(['clients/codegen/generated/texts/persisted-documents.json']).size).toBe(3);
});

test('what the preset generates compiles with our client, urql and Apollo Client', () => {
  const compiler = path.resolve('node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', 'clients/codegen'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

test.each(names)(
  'in Node, %s sends its operations',
  async (name) => {
    const program = await bundle('node');
    const { [name]: run } = (await import(program)) as Record<string, (...args: string[]) => Promise<unknown>>;
    expect(await run!(shop.system.graphqlUrl, sku, newEmail())).toEqual(expected);
  },
  60_000,
);

const chromium = findChromium();
const missing = chromium === undefined ? ' (skipped: no Chromium was found; set CHROMIUM_BIN)' : '';
const inBrowser = missing === '' ? describe : describe.skip;

inBrowser(`in Chromium, on a page of another origin${missing}`, () => {
  let page: Server;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    const script = await bundle('browser');
    page = createServer((request, response) => {
      const isScript = request.url === '/session.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? script : '<!doctype html><script type="module" src="/session.js"></script>');
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    browser = await openBrowser(String(chromium));
  });
  afterAll(async () => {
    await browser?.close();
    page?.close();
  });

  test.each(names)(
    '%s sends its operations',
    async (name) => {
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${(page.address() as AddressInfo).port}/`);
      await tab.waitForFunction('globalThis.clients !== undefined');
      const call = JSON.stringify([shop.system.graphqlUrl, sku, newEmail()]);
      expect(await tab.evaluate(`globalThis.clients.${name}(...${call})`)).toEqual(expected);
      await tab.close();
    },
    60_000,
  );
});
