import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { placeOrder, untilStatus, type Shop } from '../shop.ts';
import { PRODUCTS, readSupplierCatalogue } from '../supplier-catalogue.ts';

let shop: Shop;
let directory: TemporaryDirectory;

interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the operator in this process. */
export type RunCommand = (args: readonly string[], options: { env: NodeJS.ProcessEnv }) => Promise<CommandRun>;

let runCommand: RunCommand;

/** Runs a command in the environment of the running system. */
function run(command: string, args: readonly string[]): Promise<CommandRun> {
  const { stack } = shop;
  // The command finds the port of the running system in DATA_DIR.
  const env = { PATH: process.env['PATH'], DATA_DIR: stack.dataDir, ADMIN_EMAIL: stack.admin.email };
  return runCommand([command, ...args], { env });
}
const catalogue = (...args: string[]) => run('catalogue', [...args, '--admin']);

function write(name: string, text: string): string {
  const file = path.join(directory.path, name);
  writeFileSync(file, text);
  return file;
}

async function productOf(sku: string) {
  const { productBySku } = await shop.admin.request<{ productBySku: object | null }>(
    `query ($sku: String!) { productBySku(sku: $sku) {
      name description price { amount currencyCode } category { slug name } imageUrl onSale version inventory { onHand }
    } }`,
    { sku },
  );
  return productBySku;
}

const hostile = [
  {
    sku: 'H-1',
    name: '=HYPERLINK("http://x")',
    description: 'two\r\nlines, "quoted"',
    price: { amount: 1, currencyCode: 'JPY' },
    initialStock: 3,
  },
  {
    sku: 'H-2',
    name: '+1 @x',
    description: '',
    price: { amount: 1234, currencyCode: 'KWD' },
    imageUrl: 'https://example.com/a?b=1,2',
  },
  {
    sku: 'H-3',
    name: "'quoted' 🛒 ä",
    description: ' kept\tas \u2028 it is ',
    price: { amount: 9_007_199, currencyCode: 'USD' },
    onSale: false,
  },
];

/** Files with the whole catalogue. No one else may change it meanwhile. */
export function testCatalogueFiles(openedShop: () => Shop, command: RunCommand): void {
  beforeAll(async () => {
    shop = openedShop();
    runCommand = command;
    directory = await temporaryDirectory();
  });
  afterAll(() => directory?.remove());

  test('an import reports invalid rows, and a second run changes nothing', async () => {
    const file = write(
      'some.csv',
      [
        'sku,name,price.amount,price.currencyCode,category,initialStock',
        'GOOD-1,Mug,1499,USD,Kitchen & Table,5',
        'BAD SKU,Mug,1499,USD,,5',
        'BAD-PRICE,Mug,-1,USD,,5',
        'BAD-MONEY,Mug,14.99,USD,,5',
        'BAD-COLUMNS,Mug',
        'BAD-CATEGORY,Mug,1499,USD,???,5',
        'GOOD-2,Plate,1799,USD,Kitchen & Table,',
        'GOOD-1,Mug again,1499,USD,,5',
      ].join('\n'),
    );
    const first = await catalogue('import', file, '--create-categories', '--concurrency', '1');
    expect(first.stdout).toContain('8 rows: 2 created, 0 updated, 0 unchanged, 6 refused, 1 categories made.');
    expect(first.code).toBe(1);
    expect(first.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^row 2 \(line 3\), BAD SKU: sku: must be/),
      expect.stringMatching(/^row 3 \(line 4\), BAD-PRICE: price\.amount: /),
      expect.stringMatching(/^row 4 \(line 5\), BAD-MONEY: price\.amount: is not a whole number of minor units/),
      'row 5 (line 6): has 2 columns, and the heading has 6',
      'row 6 (line 7), BAD-CATEGORY: category: has neither letters nor digits',
      'row 8 (line 9), GOOD-1: sku: is in row 1 already',
    ]);
    expect(await productOf('GOOD-1')).toMatchObject({
      name: 'Mug',
      price: { amount: 1499, currencyCode: 'USD' },
      category: { slug: 'kitchen-table', name: 'Kitchen & Table' },
      inventory: { onHand: 5 },
      version: 1,
    });

    const second = await catalogue('import', file, '--create-categories');
    expect(second.stdout).toContain('0 created, 0 updated, 2 unchanged, 6 refused');
    expect(await productOf('GOOD-1')).toMatchObject({ version: 1, inventory: { onHand: 5 } });
  });

  test('an import updates products that differ, sets stock only with --set-stock, and changes nothing in a dry run', async () => {
    const row = { sku: 'CHANGE-1', name: 'Before', price: { amount: 100, currencyCode: 'USD' }, initialStock: 5 };
    expect(await catalogue('import', write('before.ndjson', JSON.stringify(row)))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 created'),
    });
    const after = write('after.json', JSON.stringify([{ ...row, name: 'After', initialStock: 2 }]));

    const dry = await catalogue('import', after, '--dry-run');
    expect(dry.stdout).toContain('1 updated');
    expect(dry.stdout).toContain('nothing was changed');
    expect(await productOf('CHANGE-1')).toMatchObject({ name: 'Before', version: 1 });

    expect((await catalogue('import', after)).stdout).toContain('1 updated');
    expect(await productOf('CHANGE-1')).toMatchObject({ name: 'After', version: 2, inventory: { onHand: 5 } });
    expect((await catalogue('import', after, '--set-stock')).stdout).toContain('1 updated');
    expect(await productOf('CHANGE-1')).toMatchObject({ version: 2, inventory: { onHand: 2 } });
    const again = await catalogue('import', after, '--set-stock');
    expect(again.stdout).toContain('Everything is there already: nothing was changed.');
  });

  test.each(['csv', 'json', 'ndjson'])('an export as %s can be imported again without changes', async (format) => {
    const source = write(`hostile-${format}.json`, JSON.stringify(hostile));
    expect(await catalogue('import', source)).toMatchObject({ code: 0, stderr: '' });
    const file = path.join(directory.path, `export.${format}`);
    const exported = await catalogue('export', file, '--all');
    expect(exported).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ products are in /) });
    const text = readFileSync(file, 'utf8');
    for (const { sku } of hostile) expect(text).toContain(sku);

    const imported = await catalogue('import', file, '--set-stock');
    expect(imported).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Everything is there already: nothing was changed.'),
    });
    expect(await productOf('H-1')).toMatchObject({
      name: hostile[0]?.name,
      description: hostile[0]?.description,
      inventory: { onHand: 3 },
    });
    expect(await productOf('H-3')).toMatchObject({
      name: hostile[2]?.name,
      description: hostile[2]?.description,
      onSale: false,
    });

    // An import into an empty catalogue would be the same: no line of the file is lost in another format.
    const twice = path.join(directory.path, `twice.${format}`);
    await catalogue('export', twice, '--all');
    expect(readFileSync(twice, 'utf8')).toBe(readFileSync(file, 'utf8'));
  });

  test('an import reports an invalid or a missing access token', async () => {
    const file = write('one.json', '[{"sku":"NOBODY","name":"x","price":{"amount":1,"currencyCode":"USD"}}]');
    const nobody = await run('catalogue', ['import', file, '--token', 'not.a.token']);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('access token') });
    const missing = await run('catalogue', ['import', file]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('--admin') });
    expect(await productOf('NOBODY')).toBeNull();
  });

  test('imports the products of a supplier with a mapping', async () => {
    const products = readSupplierCatalogue();
    const file = write('supplier.json', JSON.stringify(products));
    const mapping = ['name=title', 'imageUrl=thumbnail', 'price.amount=price:decimal', 'initialStock=stock'].flatMap(
      (map) => ['--map', map],
    );
    const first = await catalogue('import', file, ...mapping, '--currency', 'USD', '--create-categories');
    expect(first).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`${PRODUCTS} rows: ${PRODUCTS} created`),
    });
    for (const index of [0, 7, 21, 35, 49, PRODUCTS - 1]) {
      const { sku = '', title, price = 0, category, stock } = products[index] ?? {};
      expect(await productOf(sku)).toMatchObject({
        name: title,
        price: { amount: Math.round(price * 100), currencyCode: 'USD' },
        category: { slug: category },
        inventory: { onHand: stock },
      });
    }
    const second = await catalogue('import', file, ...mapping, '--currency', 'USD', '--create-categories');
    expect(second.stdout).toContain(`${PRODUCTS} unchanged`);
  });

  test('reconcile finds no difference after imports and an order, and reports a planted one', async () => {
    const product = await shop.newProduct({ sku: randomUUID(), initialStock: 5 });
    const customer = await shop.newCustomer();
    const { order } = await placeOrder(customer, [[product, 2]]);
    await untilStatus(customer, order.id, 'RESERVED');
    await eventually(async () =>
      expect(await run('reconcile', [])).toMatchObject({ code: 0, stdout: expect.stringContaining('no differences') }),
    );

    const client = new pg.Client({ connectionString: shop.stack.databaseUrl('product') });
    await client.connect();
    try {
      await client.query('UPDATE stocks SET on_hand = on_hand + 1 WHERE product_id = $1', [product]);
      const { code, stdout } = await run('reconcile', []);
      expect(stdout).toContain('6 are on hand, and its movements add up to 5');
      expect(code).toBe(1);
    } finally {
      await client.query('UPDATE stocks SET on_hand = on_hand - 1 WHERE product_id = $1', [product]);
      await client.end();
    }
  });
}
