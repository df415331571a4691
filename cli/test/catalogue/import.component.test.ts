import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { run } from '../../src/catalogue/run.ts';
import { type Answer, type Asked, endpoint, type Endpoint, recordingTerminal } from './fixtures.ts';

const ROWS = 20_000;
let directory: TemporaryDirectory;
let server: Endpoint | undefined;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => server?.close());
afterAll(() => directory?.remove());

const product = (sku: string, changes: object = {}) => ({
  id: sku,
  sku,
  name: sku,
  description: '',
  price: { amount: 100, currencyCode: 'USD' },
  category: null,
  imageUrl: null,
  onSale: true,
  version: 1,
  ...changes,
});

/** A catalogue that answers reads by SKU with `read`, and mutations with `write`. */
function catalogue(read: (sku: string) => object | null, write: (asked: Asked) => Answer = () => 500) {
  return endpoint((asked) => {
    if (asked.query.includes('categories {')) return { data: { categories: [] } };
    if (asked.query.startsWith('query')) {
      const skus = Object.entries(asked.variables).filter(([name]) => /^s\d+$/.test(name));
      return { data: Object.fromEntries(skus.map(([name, sku]) => [name.replace('s', 'p'), read(String(sku))])) };
    }
    return write(asked);
  });
}

async function written(name: string, lines: Iterable<string>): Promise<string> {
  const file = path.join(directory.path, name);
  await pipeline(Readable.from(lines), createWriteStream(file));
  return file;
}

function* csvRows(): Generator<string> {
  yield 'sku,name,price.amount,price.currencyCode\n';
  for (let row = 1; row <= ROWS; row += 1)
    yield row % 1_000 === 0 ? `SKU-${row},broken\n` : `SKU-${row},SKU-${row},100,USD\n`;
}

test('20,000 rows pass through with a few requests at a time, and each bad one is told of', async () => {
  server = await catalogue((sku) => product(sku));
  const terminal = recordingTerminal();
  const file = await written('large.csv', csvRows());
  expect(await run(['import', file, '--token', 't', '--url', server.url, '--concurrency', '16'], terminal, {})).toBe(1);
  expect(terminal.said[0]).toBe('20000 rows: 0 created, 0 updated, 19980 unchanged, 20 refused.');
  expect(terminal.lines).toHaveLength(20);
  expect(terminal.lines).toContain('row 5000 (line 5001): has 2 columns, and the heading has 4');
  expect(server.mostAtOnce()).toBeLessThanOrEqual(16);
  expect(server.asked.length).toBeLessThan(ROWS / 4);
});

test('a product that cannot be read keeps none of its neighbours from going in', async () => {
  server = await endpoint(({ query, variables }) => {
    if (query.includes('categories {')) return { data: { categories: [] } };
    const skus = Object.entries(variables).filter(([name]) => /^s\d+$/.test(name));
    if (skus.some(([, sku]) => sku === 'BAD'))
      return { errors: [{ message: 'It is bad.', extensions: { code: 'BAD_USER_INPUT' } }] };
    return { data: Object.fromEntries(skus.map(([name, sku]) => [name.replace('s', 'p'), product(String(sku))])) };
  });
  const terminal = recordingTerminal();
  const file = await written('neighbours.csv', ['sku\nA\nBAD\nC\n']);
  expect(await run(['import', file, '--token', 't', '--url', server.url], terminal, {})).toBe(1);
  expect(terminal.said[0]).toContain('2 unchanged, 1 refused');
  expect(terminal.lines).toEqual(['row 2 (line 3), BAD: It is bad.']);
});

const one = () =>
  written('one.ndjson', ['{"sku":"A","name":"New","price":{"amount":100,"currencyCode":"USD"},"initialStock":7}\n']);

test('a product that another has created meanwhile is changed instead', async () => {
  let reads = 0;
  server = await catalogue(
    () => ((reads += 1) === 1 ? null : product('A')),
    ({ query }) => ({
      data: query.includes('createProduct')
        ? { createProduct: { __typename: 'SkuTaken' } }
        : { updateProduct: { __typename: 'UpdateProductSuccess', product: product('A') } },
    }),
  );
  const terminal = recordingTerminal();
  expect(await run(['import', await one(), '--token', 't', '--url', server.url], terminal, {})).toBe(0);
  expect(server.asked.at(-1)?.variables).toEqual({ input: { id: 'A', expectedVersion: 1, name: 'New' } });
});

test('a change that meets a newer version is made again from that one', async () => {
  let version = 0;
  server = await catalogue(
    () => product('A', { version: (version += 1) }),
    ({ variables }) => ({
      data: {
        updateProduct:
          (variables['input'] as { expectedVersion: number }).expectedVersion < 3
            ? { __typename: 'VersionConflict' }
            : { __typename: 'UpdateProductSuccess', product: product('A') },
      },
    }),
  );
  const terminal = recordingTerminal();
  expect(await run(['import', await one(), '--token', 't', '--url', server.url], terminal, {})).toBe(0);
  expect(terminal.said[0]).toContain('1 updated');
});

test('stock moves by the difference, once however often it is asked', async () => {
  let tries = 0;
  server = await catalogue(
    () => product('A', { name: 'New', inventory: { onHand: 10 } }),
    () => ((tries += 1) === 1 ? 503 : { data: { adjustStock: { __typename: 'AdjustStockSuccess' } } }),
  );
  expect(
    await run(['import', await one(), '--token', 't', '--url', server.url, '--set-stock'], recordingTerminal(), {}),
  ).toBe(0);
  const inputs = server.asked.flatMap(({ variables }) => ('input' in variables ? [variables['input'] as object] : []));
  expect(inputs).toHaveLength(2);
  expect(inputs[0]).toMatchObject({
    productId: 'A',
    delta: -3,
    idempotencyKey: expect.stringMatching(/^import-.*-1$/),
  });
  expect(inputs[1]).toEqual(inputs[0]);
});

test.each([
  [['import', 'x.xml'], 'format "xml" is unknown'],
  [['import'], 'takes one file'],
  [['frobnicate', 'x.csv'], 'no command "frobnicate"'],
  [['export', 'x.csv', '--dry-run'], '--dry-run belongs to import'],
  [['import', 'x.csv', '--all'], '--all belongs to export'],
  [['import', 'x.csv', '--admin', '--token', 't'], 'Either'],
  [['import', 'x.csv', '--concurrency', '65'], 'from 1 to 64'],
  [['import', 'x.csv', '--delimiter', '""'], 'one character'],
  [['import', 'x.csv', '--url', 'nowhere', '--token', 't'], 'is no URL'],
  [['import', 'missing.csv', '--token', 't'], 'There is no file missing.csv'],
])('%j is complained about', async (args, reason) => {
  server = await catalogue(() => null);
  const url = args.includes('--token') && !args.includes('--url') ? ['--url', server.url] : [];
  await expect(run([...args, ...url], recordingTerminal(), {})).rejects.toThrow(reason);
});

test('a file that is not UTF-8 is complained about', async () => {
  server = await catalogue(() => product('A'));
  const file = path.join(directory.path, 'latin1.csv');
  await pipeline(Readable.from([Buffer.from('sku,name\nA,caf\xe9\n', 'latin1')]), createWriteStream(file));
  await expect(run(['import', file, '--token', 't', '--url', server.url], recordingTerminal(), {})).rejects.toThrow(
    'is not UTF-8',
  );
});
