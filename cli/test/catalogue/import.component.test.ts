import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import { openCatalogueApi } from '../../src/catalogue/api/open-api.ts';
import { runImport } from '../../src/catalogue/import/run-import.ts';
import { parseMapping } from '../../src/catalogue/rows/mapping.ts';
import type { Progress } from '../../src/command-line/terminal.ts';
import { runCommand } from '../run-command.ts';
import { type Answer, type Asked, type Endpoint, startEndpoint } from './fixtures.ts';

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

const findSkus = ({ variables }: Asked) => Object.entries(variables).filter(([name]) => /^sku\d+$/.test(name));

/** A catalogue that answers reads by SKU with `read`, and mutations with `write`. */
function startCatalogue(
  read: (sku: string) => object | null,
  write: (asked: Asked) => Answer = () => 500,
  categories: readonly object[] = [],
) {
  return startEndpoint((asked) => {
    if (asked.operationName === 'CategoryTree') return { data: { categories } };
    if (asked.operationName !== 'FindProductsBySku') return write(asked);
    const products = findSkus(asked).map(([name, sku]) => [name.replace('sku', 'product'), read(String(sku))]);
    return { data: Object.fromEntries(products) };
  });
}

const importFile = (file: string, ...options: string[]) =>
  runCommand(['catalogue', 'import', file, '--token', 't', '--url', server?.url ?? '', ...options]);

async function writeLines(name: string, lines: Iterable<string>): Promise<string> {
  const file = path.join(directory.path, name);
  await pipeline(Readable.from(lines), createWriteStream(file));
  return file;
}

function* csvRows(): Generator<string> {
  yield 'sku,name,price.amount,price.currencyCode\n';
  for (let row = 1; row <= ROWS; row += 1)
    yield row % 1_000 === 0 ? `SKU-${row},broken\n` : `SKU-${row},SKU-${row},100,USD\n`;
}

test('20,000 rows are imported with few requests at a time, and each refused row is reported', async () => {
  server = await startCatalogue((sku) => product(sku));
  const { code, stdout, stderr } = await importFile(await writeLines('large.csv', csvRows()), '--concurrency', '16');
  expect(code).toBe(1);
  expect(stdout.split('\n')[0]).toBe('20000 rows: 0 created, 0 updated, 19980 unchanged, 20 refused.');
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(20);
  expect(lines).toContain('row 5000 (line 5001): has 2 columns, and the heading has 4');
  expect(server.mostAtOnce()).toBeLessThanOrEqual(16);
  expect(server.asked.length).toBeLessThan(ROWS / 4);
});

test('a product that cannot be read does not affect its neighbours', async () => {
  server = await startEndpoint((asked) => {
    if (asked.operationName === 'CategoryTree') return { data: { categories: [] } };
    const skus = findSkus(asked);
    if (skus.some(([, sku]) => sku === 'BAD'))
      return { errors: [{ message: 'It is bad.', extensions: { code: 'BAD_USER_INPUT' } }] };
    return {
      data: Object.fromEntries(skus.map(([name, sku]) => [name.replace('sku', 'product'), product(String(sku))])),
    };
  });
  const { code, stdout, stderr } = await importFile(await writeLines('neighbours.csv', ['sku\nA\nBAD\nC\n']));
  expect(code).toBe(1);
  expect(stdout).toContain('2 unchanged, 1 refused');
  expect(stderr).toBe('row 2 (line 3), BAD: It is bad.\n');
});

const one = () =>
  writeLines('one.ndjson', ['{"sku":"A","name":"New","price":{"amount":100,"currencyCode":"USD"},"initialStock":7}\n']);

test('a product that somebody else has just created is updated instead', async () => {
  let reads = 0;
  server = await startCatalogue(
    () => ((reads += 1) === 1 ? null : product('A')),
    ({ operationName }) => ({
      data:
        operationName === 'CreateProduct'
          ? { createProduct: { __typename: 'SkuTaken' } }
          : { updateProduct: { __typename: 'UpdateProductSuccess', product: product('A') } },
    }),
  );
  expect(await importFile(await one())).toMatchObject({ code: 0 });
  expect(server.asked.at(-1)?.variables).toEqual({ input: { id: 'A', expectedVersion: 1, name: 'New' } });
});

test('a product is found and counts as created when the answer to its creation was lost', async () => {
  let tries = 0;
  server = await startCatalogue(
    () => (tries === 0 ? null : product('A', { name: 'New' })),
    () => ((tries += 1) === 1 ? 503 : { data: { createProduct: { __typename: 'SkuTaken' } } }),
  );
  expect((await importFile(await one())).stdout).toContain('1 created');
  expect(tries).toBe(2);
});

test('a change that meets a newer version is repeated from that version', async () => {
  let version = 0;
  server = await startCatalogue(
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
  const { code, stdout } = await importFile(await one());
  expect(code).toBe(0);
  expect(stdout).toContain('1 updated');
});

test('stock moves by the difference, and only once if the request is repeated', async () => {
  let tries = 0;
  server = await startCatalogue(
    () => product('A', { name: 'New', inventory: { onHand: 10 } }),
    () => ((tries += 1) === 1 ? 503 : { data: { adjustStock: { __typename: 'AdjustStockSuccess' } } }),
  );
  expect(await importFile(await one(), '--set-stock')).toMatchObject({ code: 0 });
  const inputs = server.asked.flatMap(({ variables }) => ('input' in variables ? [variables['input'] as object] : []));
  expect(inputs).toHaveLength(2);
  expect(inputs[0]).toMatchObject({
    productId: 'A',
    delta: -3,
    idempotencyKey: expect.stringMatching(/^import-.*-1$/) as unknown,
  });
  expect(inputs[1]).toEqual(inputs[0]);
});

describe('a new product', () => {
  const row = {
    sku: 'A',
    name: 'New',
    description: 'Bright',
    price: { amount: 100, currencyCode: 'USD' },
    category: 'Garden & Home',
    imageUrl: 'https://example.com/a.png',
    onSale: false,
    initialStock: 7,
  };
  const written = () =>
    server!.asked.flatMap(({ operationName, variables }) =>
      'input' in variables ? [[operationName, variables['input']]] : [],
    );
  const answers = (update: object) => (asked: Asked) => ({
    data: {
      CreateCategory: { createCategory: { __typename: 'CreateCategorySuccess' } },
      CreateProduct: { createProduct: { __typename: 'CreateProductSuccess', product: { id: 'p1' } } },
      UpdateProduct: { updateProduct: update },
    }[asked.operationName],
  });

  test('gets all values of its row, and is taken off sale if the row says so', async () => {
    const { onSale: _, category: __, ...rest } = row;
    server = await startCatalogue(() => null, answers({ __typename: 'UpdateProductSuccess', product: product('A') }));
    const run = await importFile(await writeLines('new.ndjson', [JSON.stringify(row)]), '--create-categories');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('1 created, 0 updated') as unknown });
    expect(written()).toEqual([
      ['CreateCategory', { slug: 'garden-home', name: 'Garden & Home' }],
      ['CreateProduct', { ...rest, category: 'garden-home' }],
      ['UpdateProduct', { id: 'p1', onSale: false }],
    ]);
  });

  test('that cannot be taken off sale is reported', async () => {
    const refusal = { __typename: 'InvalidInput', message: 'x', issues: [{ path: 'onSale', message: 'must stay' }] };
    server = await startCatalogue(() => null, answers(refusal));
    const run = await importFile(await writeLines('stays.ndjson', [JSON.stringify(row)]), '--create-categories');
    expect(run).toMatchObject({ code: 1, stderr: 'row 1 (line 1), A: onSale: must stay\n' });
  });

  test('of a category that does not exist is rejected without --create-categories', async () => {
    server = await startCatalogue(() => null, answers({}));
    const run = await importFile(await writeLines('without.ndjson', [JSON.stringify(row)]));
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toContain('category: "garden-home" does not exist; --create-categories creates it');
    expect(written()).toEqual([]);
  });
});

test('a category that somebody else has just created is used', async () => {
  server = await startCatalogue(
    () => product('A', { category: { slug: 'garden' } }),
    () => ({ data: { createCategory: { __typename: 'SlugTaken' } } }),
  );
  const file = await writeLines('taken.csv', ['sku,category\nA,Garden\n']);
  expect(await importFile(file, '--create-categories')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 unchanged, 0 refused, 1 categories made') as unknown,
  });
});

test('a product that is in the file twice is imported once', async () => {
  server = await startCatalogue(() => product('A'));
  const run = await importFile(await writeLines('double.csv', ['sku,name\nA,A\nA,A\n']), '--concurrency', '1');
  expect(run).toMatchObject({ code: 1, stderr: 'row 2 (line 3), A: sku: is in row 1 already\n' });
});

test('--set-stock leaves the stock of a row without one', async () => {
  server = await startCatalogue(() => product('A', { inventory: { onHand: 10 } }));
  const run = await importFile(await writeLines('no-stock.csv', ['sku,name\nA,A\n']), '--set-stock');
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unchanged') as unknown });
});

test('each run moves stock under keys of its own', async () => {
  server = await startCatalogue(
    () => product('A', { name: 'New', inventory: { onHand: 10 } }),
    () => ({ data: { adjustStock: { __typename: 'AdjustStockSuccess' } } }),
  );
  for (let run = 0; run < 2; run += 1) expect(await importFile(await one(), '--set-stock')).toMatchObject({ code: 0 });
  const keys = server.asked.flatMap(({ variables }) =>
    'input' in variables ? [(variables['input'] as { idempotencyKey: string }).idempotencyKey] : [],
  );
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(2);
});

test('a dry run counts categories, products and stock that would change, and changes nothing', async () => {
  server = await startCatalogue((sku) => (sku === 'NEW' ? null : product(sku, { inventory: { onHand: 1 } })));
  const file = await writeLines('dry.csv', [
    'sku,name,price.amount,price.currencyCode,category,initialStock\n',
    'NEW,New,100,USD,Garden,5\nA,Other,100,USD,Garden,1\nB,B,100,USD,Kitchen,1\nC,C,100,USD,,7\nD,D,100,USD,,1\n',
  ]);
  const { code, stdout, stderr } = await importFile(file, '--dry-run', '--create-categories', '--set-stock');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    '5 rows: 1 created, 3 updated, 1 unchanged, 0 refused, 2 categories made.\nThis was a dry run: nothing was changed.\n',
  );
  const operations = new Set(server.asked.map(({ operationName }) => operationName));
  expect(operations).toEqual(new Set(['CategoryTree', 'FindProductsBySku']));
});

test('reports the result as JSON', async () => {
  server = await startCatalogue((sku) => product(sku));
  const file = await writeLines('counts.csv', ['sku,name\nA,A\n,B\n']);
  const { code, stdout } = await importFile(file, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    rows: 2,
    created: 0,
    updated: 0,
    unchanged: 1,
    refused: 1,
    categories: 0,
    dryRun: false,
  });
});

test('Ctrl-C stops an import, and says how far it came', async () => {
  const interruption = new AbortController();
  let reads = 0;
  server = await startCatalogue((sku) => {
    if ((reads += 1) > 500) interruption.abort();
    return product(sku);
  });
  const file = await writeLines('interrupted.csv', csvRows());
  const args = ['catalogue', 'import', file, '--token', 't', '--url', server.url];
  const run = await runCommand(args, { signal: interruption.signal });
  expect(run).toMatchObject({ code: 130, stdout: '' });
  expect(run.stderr).toMatch(/Stopped after \d{3} rows: 0 created, 0 updated, \d{3} unchanged, 0 refused\./);
});

test('a row is reported with all its faults', async () => {
  server = await startCatalogue((sku) => (sku === 'OLD' ? product('OLD') : null));
  const file = await writeLines('faults.csv', [
    'sku,price.amount,price.currencyCode,category,onSale,initialStock\n',
    'NEW,1.5,USD,Nowhere,perhaps,many\nOLD,,,Nowhere,perhaps,\n',
  ]);
  const run = await importFile(file, '--concurrency', '1');
  expect(run).toMatchObject({ code: 1 });
  const [isNew, isOld] = run.stderr.trim().split('\n');
  expect(isNew?.split(/(?:, NEW: |; (?=\w+[.:]))/).slice(1)).toEqual([
    expect.stringMatching(/^price\.amount: is not a whole number/),
    'onSale: is neither true nor false',
    'initialStock: is not a whole number',
    expect.stringMatching(/^category: "nowhere" does not exist/),
    'name: is missing, and the product is new',
  ]);
  expect(isOld).toBe(
    'row 2 (line 3), OLD: onSale: is neither true nor false; category: "nowhere" does not exist; --create-categories creates it',
  );
});

test('a category is found by its name when it has another slug', async () => {
  server = await startCatalogue(
    () => product('A', { category: { slug: 'tea' } }),
    () => 500,
    [{ slug: 'tea', name: '茶叶' }],
  );
  const file = await writeLines('by-name.csv', ['sku,category\nA,茶叶\n']);
  expect(await importFile(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unchanged') as unknown });
});

test.each([
  ['empty.csv', ''],
  ['blank.csv', '\n  \n'],
  ['empty.json', ''],
  ['empty.ndjson', ' '],
])('an empty file is refused: %s', async (name, text) => {
  server = await startCatalogue(() => null);
  const file = await writeLines(name, [text]);
  expect(await importFile(file)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${file} is empty: it has neither a heading nor rows.\n`,
  });
});

test('a file as a spreadsheet writes it is read: byte order mark, sep line, semicolons, decimal commas, other case', async () => {
  server = await startCatalogue((sku) => product(sku, { price: { amount: 123450, currencyCode: 'HUF' } }));
  const file = await writeLines('spreadsheet.csv', [
    '\ufeffsep=;\r\nSKU;Preis\r\nA;1.234,50\r\nB;1234,5\r\nC;12,345\r\n',
  ]);
  const run = await importFile(file, '--map', 'price.amount=preis:decimal-comma', '--currency', 'HUF');
  expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('2 unchanged, 1 refused') as unknown });
  expect(run.stderr).toBe(
    'row 3 (line 5), C: price.amount: "12,345" has more decimals than the currency, which has 2\n',
  );
});

test('progress counts rows', async () => {
  server = await startCatalogue((sku) => product(sku));
  const file = await writeLines('progress.csv', ['sku,name\nA,A\n', 'B,B\nC\nD,D\n']);
  const progress: Progress[] = [];
  const options = {
    mapping: parseMapping([]),
    currency: undefined,
    createCategories: false,
    setStock: false,
    concurrency: 1,
    isDryRun: false,
  };
  const { signal } = new AbortController();
  const api = await openCatalogueApi({ url: server.url, credentials: { token: 't' }, signal });
  await runImport({ path: file, format: 'csv', delimiter: undefined }, options, api, {
    print: () => {},
    note: () => {},
    progress: (now) => progress.push(now),
    finish: () => {},
  });
  expect(progress.map(({ part }) => part)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(progress[2]?.text).toBe('3 of 4 rows: 0 created, 0 updated, 2 unchanged, 1 refused');
});

test('a missing file is reported', async () => {
  server = await startCatalogue(() => null);
  expect(await importFile('missing.csv')).toEqual({ code: 3, stdout: '', stderr: 'There is no file missing.csv.\n' });
});

test('a file that is not UTF-8 is reported', async () => {
  server = await startCatalogue(() => product('A'));
  const file = path.join(directory.path, 'latin1.csv');
  await pipeline(Readable.from([Buffer.from('sku,name\nA,caf\xe9\n', 'latin1')]), createWriteStream(file));
  const run = await importFile(file);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('is not UTF-8');
});

test('a column that appears twice in the file is reported', async () => {
  server = await startCatalogue(() => product('A'));
  const run = await importFile(await writeLines('twice.csv', ['sku,sku\nA,B\n']));
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('the column "sku" twice') as unknown });
});
