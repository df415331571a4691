import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../db/database.ts';
import { createCategory } from './create-category.ts';
import { type ImportProductsInput, importProducts, type ProductOutcome } from './import-products.ts';
import { reserveStock } from './reserve-stock.ts';

let server: TestDatabase;
let database: Database;
const dependencies = () => ({ database, now: () => new Date() });
const actorId = uuidv7();

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  await createCategory(dependencies(), { slug: 'mugs', name: 'Mugs' });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

type Given = ImportProductsInput['products'][number];
const price = { amount: 100, currencyCode: 'USD' };
const newSku = () => `SKU-${uuidv7()}`;

async function run(products: readonly Given[], options: object = {}): Promise<readonly ProductOutcome[]> {
  const outcome = await importProducts(
    dependencies(),
    { products, setStock: false, dryRun: false, ...options },
    actorId,
  );
  if (outcome.kind !== 'imported') throw new Error(JSON.stringify(outcome));
  return outcome.products;
}
const kindsOf = async (...args: Parameters<typeof run>) => (await run(...args)).map(({ kind }) => kind);
const read = (sku: string) =>
  database.client.product.findFirst({
    where: { sku: { equals: sku, mode: 'insensitive' } },
    include: { category: true, stock: { include: { movements: { orderBy: { sequence: 'asc' } } } } },
  });
const eventsOf = async (sku: string) => {
  const { id = '' } = (await read(sku)) ?? {};
  return (await database.client.outbox.findMany({ where: { aggregateId: id }, orderBy: { sequence: 'asc' } })).map(
    ({ type }) => type,
  );
};

test('creates what is new, changes what differs, leaves what is equal, and can be repeated', async () => {
  const [one, two, three] = [newSku(), newSku(), newSku()];
  const whole = { sku: one, name: 'Mug', description: 'Blue', price, category: 'mugs', onSale: false, initialStock: 7 };
  expect(await kindsOf([whole, { sku: two, name: 'Pot', price }])).toEqual(['created', 'created']);
  expect(await read(one)).toMatchObject({
    name: 'Mug',
    description: 'Blue',
    priceMinor: 100n,
    category: { slug: 'mugs' },
    onSale: false,
    version: 1,
    inStock: true,
    stock: { onHand: 7, movements: [{ type: 'RECEIVED', actorId }] },
  });
  expect(await read(two)).toMatchObject({ onSale: true, inStock: false, stock: { onHand: 0, movements: [] } });

  const again = [
    { ...whole, sku: one.toLowerCase(), name: 'Large mug', category: null },
    { sku: two, initialStock: 9 },
    { sku: three, name: 'Cup', price },
  ];
  expect(await kindsOf(again)).toEqual(['updated', 'unchanged', 'created']);
  expect(await read(one)).toMatchObject({ sku: one, name: 'Large mug', category: null, version: 2 });
  expect(await eventsOf(one)).toEqual([
    'shop.product.created.v1',
    'shop.inventory.updated.v1',
    'shop.product.updated.v1',
  ]);
  expect(await kindsOf(again)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(await eventsOf(two)).toHaveLength(2);
});

test('stock of existing products is set only on request, by one movement that is in the audit log', async () => {
  const sku = newSku();
  await run([{ sku, name: 'Mug', price, initialStock: 5 }]);
  expect(await kindsOf([{ sku, initialStock: 8 }])).toEqual(['unchanged']);
  const setStock = { setStock: true };
  expect(await kindsOf([{ sku, initialStock: 8 }], setStock)).toEqual(['updated']);
  expect(
    await kindsOf(
      [
        { sku, initialStock: 8 },
        { sku: newSku(), name: 'Pot', price, initialStock: 3 },
      ],
      setStock,
    ),
  ).toEqual(['unchanged', 'created']);
  expect(await kindsOf([{ sku, name: 'Other', initialStock: null }], setStock)).toEqual(['updated']);
  const product = await read(sku);
  expect(product).toMatchObject({
    version: 2,
    stock: {
      onHand: 8,
      movements: [{ onHandAfter: 5 }, { type: 'ADJUSTED', onHandDelta: 3, reason: 'Catalogue import', actorId }],
    },
  });
  expect(await database.client.auditEntry.findMany({ where: { subjectId: product?.id ?? '' } })).toMatchObject([
    { action: 'STOCK_ADJUSTED', actorId, details: { delta: 3 } },
  ]);
});

test('stock never falls below what orders have reserved, and the product stays as it was', async () => {
  const sku = newSku();
  await run([{ sku, name: 'Mug', price, initialStock: 5 }]);
  const { id = '' } = (await read(sku)) ?? {};
  const lines = [{ productId: id, quantity: 4 }];
  await database.transact((tx) => reserveStock(tx, [{ orderId: uuidv7(), lines }], new Date()));
  expect(await run([{ sku, name: 'Other', initialStock: 3 }], { setStock: true })).toMatchObject([
    {
      kind: 'refused',
      issues: [{ path: 'initialStock', message: 'is less than the 4 units that orders have reserved' }],
    },
  ]);
  expect(await read(sku)).toMatchObject({ name: 'Mug', stock: { onHand: 5 } });
});

test('a product that is refused stops no other, and all of its faults are told', async () => {
  const [good, isNew, old] = [newSku(), newSku(), newSku()];
  await run([{ sku: old, name: 'Mug', price }]);
  const bad = { price: { amount: 0, currencyCode: 'USD' }, category: 'nowhere' };
  const outcomes = await run([
    { sku: isNew, ...bad },
    { sku: old, ...bad },
    { sku: good, name: 'Good', price },
    { sku: 'no sku', name: '' },
    { sku: good.toLowerCase(), name: 'Twice', price },
    { sku: newSku() },
  ]);
  expect(outcomes.map(({ kind, issues }) => [kind, ...issues.map(({ path }) => path)])).toEqual([
    ['refused', 'price.amount', 'category', 'name'],
    ['refused', 'price.amount', 'category'],
    ['created'],
    ['refused', 'sku', 'name'],
    ['refused', 'sku'],
    ['refused', 'name', 'price'],
  ]);
  expect(outcomes.map(({ sku }) => sku)).toEqual([isNew, old, good, 'no sku', good.toLowerCase(), outcomes[5]?.sku]);
  expect(await read(good)).toMatchObject({ name: 'Good' });
  expect(await read(isNew)).toBeNull();
});

test('a dry run says the same and changes nothing', async () => {
  const [old, isNew] = [newSku(), newSku()];
  await run([{ sku: old, name: 'Mug', price, initialStock: 1 }]);
  const before = await database.client.outbox.count();
  const products = [{ sku: old, initialStock: 2 }, { sku: isNew, name: 'Pot', price }, { sku: newSku() }];
  expect(await kindsOf(products, { setStock: true, dryRun: true })).toEqual(['updated', 'created', 'refused']);
  expect(await database.client.outbox.count()).toBe(before);
  expect(await read(old)).toMatchObject({ stock: { onHand: 1 } });
  expect(await read(isNew)).toBeNull();
});

test('imports of the same new products at the same time create each once, and none fails', async () => {
  const products = Array.from({ length: 50 }, () => ({ sku: newSku(), name: 'Mug', price, initialStock: 1 }));
  const runs = await Promise.all([run(products), run([...products].reverse()), run(products)]);
  const kinds = runs.flat().map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'created')).toHaveLength(50);
  expect(kinds.filter((kind) => kind === 'unchanged')).toHaveLength(100);
  expect(await database.client.product.count({ where: { sku: { in: products.map(({ sku }) => sku) } } })).toBe(50);
});

test.each([[0], [101]])('%i products are refused', async (count) => {
  const products = Array.from({ length: count }, () => ({ sku: newSku(), name: 'Mug', price }));
  expect(await importProducts(dependencies(), { products, setStock: false, dryRun: false }, actorId)).toEqual({
    kind: 'invalid-input',
    issues: [{ path: 'products', message: 'must have 1 to 100 products' }],
  });
});
