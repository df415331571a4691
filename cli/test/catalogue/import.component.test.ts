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

interface Given {
  readonly sku: string;
  readonly [field: string]: unknown;
}

interface Options {
  readonly setStock: boolean;
  readonly dryRun: boolean;
}

type Outcome = 'CREATED' | 'UPDATED' | 'UNCHANGED' | readonly { readonly path: string; readonly message: string }[];

/** The input of each import, in the order in which they were sent. */
const imports = () =>
  server!.asked.flatMap(({ operationName, variables }) =>
    operationName === 'ImportProducts' ? [variables['input'] as Options & { products: readonly Given[] }] : [],
  );
const isImport = ({ operationName }: Asked) => operationName === 'ImportProducts';

/** A catalogue in which each product has the outcome of `decide`, and other mutations the answer of `write`. */
function startCatalogue(
  decide: (given: Given, options: Options) => Outcome,
  write: (asked: Asked) => Answer = () => 500,
  categories: readonly object[] = [],
) {
  return startEndpoint((asked) => {
    if (asked.operationName === 'CategoryTree') return { data: { categories } };
    return isImport(asked) ? answerImport(asked, decide) : write(asked);
  });
}

function answerImport({ variables }: Asked, decide: (given: Given, options: Options) => Outcome): object {
  const { products, ...options } = variables['input'] as Options & { products: readonly Given[] };
  const outcomes = products.map((given) => {
    const outcome = decide(given, options);
    return typeof outcome === 'string'
      ? { sku: given.sku, outcome, issues: [] }
      : { sku: given.sku, outcome: 'REFUSED', issues: outcome };
  });
  return { data: { importProducts: { __typename: 'ImportProductsSuccess', products: outcomes } } };
}

const importFile = (file: string, ...options: string[]) =>
  runCommand(['catalogue', 'import', file, '--token', 't', '--url', server?.url ?? '', ...options]);

async function writeLines(name: string, lines: Iterable<string>): Promise<string> {
  const file = path.join(directory.path, name);
  await pipeline(Readable.from(lines), createWriteStream(file));
  return file;
}

function* csvRows(rows = ROWS): Generator<string> {
  yield 'sku,name,price.amount,price.currencyCode\n';
  for (let row = 1; row <= rows; row += 1)
    yield row % 1_000 === 0 ? `SKU-${row},broken\n` : `SKU-${row},SKU-${row},100,USD\n`;
}

test('20,000 rows are imported with few requests at a time, and each refused row is reported', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const { code, stdout, stderr } = await importFile(await writeLines('large.csv', csvRows()), '--concurrency', '3');
  expect(code).toBe(1);
  expect(stdout.split('\n')[0]).toBe('20000 rows: 0 created, 0 updated, 19980 unchanged, 20 refused.');
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(20);
  expect(lines).toContain('row 5000 (line 5001): has 2 columns, and the heading has 4');
  expect(server.mostAtOnce()).toBeLessThanOrEqual(3);
  expect(imports().every(({ products }) => products.length <= 100)).toBe(true);
  expect(server.asked.length).toBeLessThan(ROWS / 50);
});

test('rows with long texts are sent in requests that the gateway accepts', async () => {
  server = await startCatalogue(() => 'CREATED');
  const rows = Array.from({ length: 100 }, (_, index) => `SKU-${index},${'茶'.repeat(9_000)}\n`);
  const run = await importFile(await writeLines('long.csv', ['sku,description\n', ...rows]));
  expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('100 created') as unknown });
  const sizes = imports().map((input) => Buffer.byteLength(JSON.stringify(input)));
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
});

test('a value that the API cannot read makes only its own row refused', async () => {
  server = await startEndpoint((asked) => {
    if (!isImport(asked)) return { data: { categories: [] } };
    const { products } = asked.variables['input'] as { products: readonly Given[] };
    return products.some(({ sku }) => sku === 'BAD')
      ? { errors: [{ message: 'It is bad.', extensions: { code: 'BAD_USER_INPUT' } }] }
      : answerImport(asked, () => 'UNCHANGED');
  });
  const { code, stdout, stderr } = await importFile(await writeLines('neighbours.csv', ['sku\nA\nB\nBAD\nC\nD\n']));
  expect(code).toBe(1);
  expect(stdout).toContain('4 unchanged, 1 refused');
  expect(stderr).toBe('row 3 (line 4), BAD: It is bad.\n');
});

const one = () =>
  writeLines('one.ndjson', ['{"sku":"A","name":"New","price":{"amount":100,"currencyCode":"USD"},"initialStock":7}\n']);

test('a request is repeated while the API is unavailable', async () => {
  let tries = 0;
  server = await startEndpoint((asked) => {
    if (!isImport(asked)) return { data: { categories: [] } };
    return (tries += 1) === 1 ? 503 : answerImport(asked, () => 'CREATED');
  });
  expect((await importFile(await one())).stdout).toContain('1 created');
  expect(tries).toBe(2);
});

test.each([
  [[], false],
  [['--set-stock'], true],
])('with the options %j, setStock is %s', async (options, setStock) => {
  server = await startCatalogue(() => 'UPDATED');
  expect((await importFile(await one(), ...options)).stdout).toContain('1 updated');
  expect(imports()).toMatchObject([{ setStock, dryRun: false, products: [{ sku: 'A', initialStock: 7 }] }]);
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
  const createsCategory = () => ({ data: { createCategory: { __typename: 'CreateCategorySuccess' } } });

  test('gets all values of its row, after its category', async () => {
    server = await startCatalogue(() => 'CREATED', createsCategory);
    const run = await importFile(await writeLines('new.ndjson', [JSON.stringify(row)]), '--create-categories');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('1 created, 0 updated') as unknown });
    expect(server.asked.slice(1).map(({ operationName, variables }) => [operationName, variables['input']])).toEqual([
      ['CreateCategory', { slug: 'garden-home', name: 'Garden & Home' }],
      ['ImportProducts', { products: [{ ...row, category: 'garden-home' }], setStock: false, dryRun: false }],
    ]);
  });

  test('that the API refuses is reported with its reasons', async () => {
    server = await startCatalogue(
      () => [
        { path: 'name', message: 'is too long' },
        { path: 'imageUrl', message: 'is no URL' },
      ],
      createsCategory,
    );
    const run = await importFile(await writeLines('refused.ndjson', [JSON.stringify(row)]), '--create-categories');
    expect(run).toMatchObject({ code: 1, stderr: 'row 1 (line 1), A: name: is too long; imageUrl: is no URL\n' });
  });

  test('of a category that does not exist is rejected without --create-categories', async () => {
    server = await startCatalogue(() => 'CREATED');
    const run = await importFile(await writeLines('without.ndjson', [JSON.stringify(row)]));
    expect(run).toMatchObject({ code: 1 });
    expect(run.stderr).toContain('category: "garden-home" does not exist; --create-categories creates it');
    // Only asked for its other faults.
    expect(imports().map(({ dryRun }) => dryRun)).toEqual([true]);
  });
});

test('a category that somebody else has just created is used', async () => {
  server = await startCatalogue(
    () => 'UNCHANGED',
    () => ({ data: { createCategory: { __typename: 'SlugTaken' } } }),
  );
  const file = await writeLines('taken.csv', ['sku,category\nA,Garden\n']);
  expect(await importFile(file, '--create-categories')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 unchanged, 0 refused, 1 categories made') as unknown,
  });
  expect(imports()).toMatchObject([{ products: [{ sku: 'A', category: 'garden' }] }]);
});

test('a product that is in the file twice is imported once', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const run = await importFile(await writeLines('double.csv', ['sku,name\nA,A\na,A\n']), '--concurrency', '1');
  expect(run).toMatchObject({ code: 1, stderr: 'row 2 (line 3), a: sku: is in row 1 already\n' });
  expect(imports().filter(({ dryRun }) => !dryRun)).toMatchObject([{ products: [{ sku: 'A' }] }]);
});

test('a dry run counts categories and products that would change, and changes nothing', async () => {
  server = await startCatalogue(({ sku }) => (sku === 'NEW' ? 'CREATED' : sku === 'A' ? 'UPDATED' : 'UNCHANGED'));
  const file = await writeLines('dry.csv', [
    'sku,name,price.amount,price.currencyCode,category,initialStock\n',
    'NEW,New,100,USD,Garden,5\nA,Other,100,USD,Garden,1\nB,B,100,USD,Kitchen,1\nC,C,100,USD,,7\n',
  ]);
  const { code, stdout, stderr } = await importFile(file, '--dry-run', '--create-categories', '--set-stock');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // B is equal but for a category that does not exist yet.
  expect(stdout).toBe(
    '4 rows: 1 created, 2 updated, 1 unchanged, 0 refused, 2 categories made.\nThis was a dry run: nothing was changed.\n',
  );
  expect(new Set(server.asked.map(({ operationName }) => operationName))).toEqual(
    new Set(['CategoryTree', 'ImportProducts']),
  );
  expect(imports().map(({ dryRun, setStock }) => [dryRun, setStock])).toEqual([[true, true]]);
});

test('reports the result as JSON', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
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
  server = await startCatalogue(() => {
    if (imports().length > 5) interruption.abort();
    return 'UNCHANGED';
  });
  const file = await writeLines('interrupted.csv', csvRows());
  const args = ['catalogue', 'import', file, '--token', 't', '--url', server.url, '--concurrency', '1'];
  const run = await runCommand(args, { signal: interruption.signal });
  expect(run).toMatchObject({ code: 130, stdout: '' });
  expect(run.stderr).toMatch(/Stopped after 500 rows: 0 created, 0 updated, 500 unchanged, 0 refused\./);
});

test('a row is reported with all its faults', async () => {
  server = await startCatalogue(({ sku }) =>
    sku === 'OLD'
      ? 'UNCHANGED'
      : [
          { path: 'name', message: 'is missing, and the product is new' },
          { path: 'price', message: 'is missing, and the product is new' },
        ],
  );
  const file = await writeLines('faults.csv', [
    'sku,price.amount,price.currencyCode,category,onSale,initialStock\n',
    'NEW,1.5,USD,Nowhere,perhaps,many\nOLD,,,Nowhere,perhaps,\n',
  ]);
  const run = await importFile(file);
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
    () => 'UNCHANGED',
    () => 500,
    [{ slug: 'tea', name: '茶叶' }],
  );
  const file = await writeLines('by-name.csv', ['sku,category\nA,茶叶\n']);
  expect(await importFile(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 unchanged') as unknown });
  expect(imports()).toMatchObject([{ products: [{ category: 'tea' }] }]);
});

test.each([
  ['empty.csv', ''],
  ['blank.csv', '\n  \n'],
  ['empty.json', ''],
  ['empty.ndjson', ' '],
])('an empty file is refused: %s', async (name, text) => {
  server = await startCatalogue(() => 'UNCHANGED');
  const file = await writeLines(name, [text]);
  expect(await importFile(file)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${file} is empty: it has neither a heading nor rows.\n`,
  });
});

test('a file as a spreadsheet writes it is read: byte order mark, sep line, semicolons, decimal commas, other case', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const file = await writeLines('spreadsheet.csv', [
    '\ufeffsep=;\r\nSKU;Preis\r\nA;1.234,50\r\nB;1234,5\r\nC;12,345\r\n',
  ]);
  const run = await importFile(file, '--map', 'price.amount=preis:decimal-comma', '--currency', 'HUF');
  expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('2 unchanged, 1 refused') as unknown });
  expect(run.stderr).toBe(
    'row 3 (line 5), C: price.amount: "12,345" has more decimals than the currency, which has 2\n',
  );
  const price = { amount: 123450, currencyCode: 'HUF' };
  expect(imports()[0]?.products).toEqual([
    { sku: 'A', price },
    { sku: 'B', price },
  ]);
});

test('progress counts rows', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const file = await writeLines('progress.csv', csvRows(250));
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
  expect(progress.map(({ part }) => part)).toEqual([0.4, 0.8, 1]);
  expect(progress[1]?.text).toBe('200 of 250 rows: 0 created, 0 updated, 200 unchanged, 0 refused');
});

test('a missing file is reported', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  expect(await importFile('missing.csv')).toEqual({ code: 3, stdout: '', stderr: 'There is no file missing.csv.\n' });
});

test('a file that is not UTF-8 is reported', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const file = path.join(directory.path, 'latin1.csv');
  await pipeline(Readable.from([Buffer.from('sku,name\nA,caf\xe9\n', 'latin1')]), createWriteStream(file));
  const run = await importFile(file);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('is not UTF-8');
});

test('a column that appears twice in the file is reported', async () => {
  server = await startCatalogue(() => 'UNCHANGED');
  const run = await importFile(await writeLines('twice.csv', ['sku,sku\nA,B\n']));
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('the column "sku" twice') as unknown });
});
