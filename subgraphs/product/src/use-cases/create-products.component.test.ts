import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../db/database.ts';
import { createCategory } from './create-category.ts';
import { createProducts } from './create-product.ts';

let server: TestDatabase;
let database: Database;
const dependencies = () => ({ database, now: () => new Date() });
const input = (sku: string, more: object = {}) => ({
  sku,
  name: sku,
  description: '',
  price: { amount: 100, currencyCode: 'USD' },
  initialStock: 5,
  ...more,
});

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  await createCategory(dependencies(), { slug: 'mugs', name: 'Mugs' });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

test('each product gets its stock, ledger and events, as with a single creation', async () => {
  expect(
    await createProducts(dependencies(), [input('A', { category: 'mugs' }), input('B', { initialStock: 0 })]),
  ).toEqual({ kind: 'created', count: 2 });
  const products = await database.client.product.findMany({
    where: { sku: { in: ['A', 'B'] } },
    orderBy: { sku: 'asc' },
    include: { stock: { include: { movements: true } } },
  });
  expect(products).toMatchObject([
    {
      sku: 'A',
      onSale: true,
      version: 1,
      categoryId: expect.any(String),
      stock: { onHand: 5, sequence: 1, movements: [{ type: 'RECEIVED', onHandAfter: 5, sequence: 1 }] },
    },
    { sku: 'B', categoryId: null, stock: { onHand: 0, sequence: 0, movements: [] } },
  ]);
  const events = await database.client.outbox.findMany({
    // Those of the category come before.
    where: { NOT: { type: { startsWith: 'shop.category.' } } },
    orderBy: { sequence: 'asc' },
  });
  expect(events.map(({ type, aggregateId }) => [type, aggregateId])).toEqual(
    products.flatMap(({ id }) => [
      ['shop.product.created.v1', id],
      ['shop.inventory.updated.v1', id],
    ]),
  );
});

test.each([
  ['a broken rule', input('D', { price: { amount: 0, currencyCode: 'USD' } }), '1.price.amount'],
  ['an unknown category', input('D', { category: 'nothing' }), '1.category'],
])('%s rejects all products', async (_name, bad, path) => {
  expect(await createProducts(dependencies(), [input('C'), bad])).toMatchObject({
    kind: 'invalid-input',
    issues: [{ path }],
  });
  expect(await database.client.product.count({ where: { sku: 'C' } })).toBe(0);
});

test('a used SKU rejects all products', async () => {
  await expect(createProducts(dependencies(), [input('E'), input('A')])).rejects.toThrow();
  expect(await database.client.product.count({ where: { sku: 'E' } })).toBe(0);
});
