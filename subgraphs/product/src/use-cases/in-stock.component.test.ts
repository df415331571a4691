import { readFile } from 'node:fs/promises';
import { uuidv7 } from '@shop/subgraph';
import { openStockScene, orderOf, type StockScene } from '../../test/stock-scene.ts';
import type { OrderLines } from '../domain/reservation.ts';
import { adjustStock } from './adjust-stock.ts';
import { createCategory } from './create-category.ts';
import { deleteCategory } from './delete-category.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';
import { updateProduct } from './update-product.ts';

let scene: StockScene;
beforeAll(async () => {
  scene = await openStockScene();
});
afterAll(() => scene?.stop());
afterEach(async () => expect([await wrongFlags(), await scene.wrongCounts()]).toEqual([[], []]));

const deps = () => ({ database: scene.database, now: () => new Date() });
const wrongFlags = () =>
  scene.database.lists.query(
    'SELECT p.id FROM products p JOIN stocks s ON s.product_id = p.id WHERE p.in_stock <> (s.on_hand > s.reserved)',
    [],
  );
const productOf = (id: string) => scene.database.client.product.findUniqueOrThrow({ where: { id } });
const isInStock = async (id: string) => (await productOf(id)).inStock;
const reserve = (database = scene.database, ...orders: OrderLines[]) =>
  database.transact((tx) => reserveStock(tx, orders, new Date()));
const release = ({ orderId }: OrderLines) => scene.database.transact((tx) => releaseStock(tx, [orderId], new Date()));
const adjust = (productId: string, delta: number) =>
  adjustStock(deps(), { productId, delta, reason: 'Counted', idempotencyKey: uuidv7() }, uuidv7());

test('a product is in stock while a unit is available', async () => {
  expect(await isInStock(await scene.productWith(0))).toBe(false);
  const id = await scene.productWith(2);
  expect(await isInStock(id)).toBe(true);
  const [one, other] = [orderOf([id, 1]), orderOf([id, 1])];
  await reserve(scene.database, one);
  expect(await isInStock(id)).toBe(true);
  await reserve(scene.database, other);
  expect(await isInStock(id)).toBe(false);
  await release(one);
  expect(await isInStock(id)).toBe(true);
  await adjust(id, -1);
  expect(await isInStock(id)).toBe(false);
  await adjust(id, 1);
  expect(await isInStock(id)).toBe(true);
});

test('a new product is written once, with or without stock', async () => {
  for (const units of [0, 5]) {
    const id = await scene.productWith(units);
    const rows = await scene.database.lists.query<{ once: boolean }>(
      `SELECT p.xmin = s.xmin AND p.cmin::text::int <= s.cmin::text::int AS once
         FROM products p JOIN stocks s ON s.product_id = p.id WHERE p.id = $1::uuid`,
      [id],
    );
    expect(rows).toEqual([{ once: true }]);
  }
});

test('a change of the stock is no new version, and a change of the product keeps the flag', async () => {
  const id = await scene.productWith(1);
  await reserve(scene.database, orderOf([id, 1]));
  expect(await productOf(id)).toMatchObject({ inStock: false, version: 1 });
  expect(await updateProduct(deps(), { id, name: 'Another name' })).toMatchObject({ kind: 'updated' });
  expect(await productOf(id)).toMatchObject({ inStock: false, version: 2 });
});

test('replicas that reserve and release the last units at once leave the right flags', async () => {
  const replicas = [scene.database, scene.replica()];
  const products = await Promise.all(Array.from({ length: 12 }, (_, n) => scene.productWith(1 + (n % 3))));
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const order = orderOf(...[0, 1, 2, 3].map((line) => [products[(5 * n + 7 * line) % 12]!, 1] as const));
      await reserve(replicas[n % 2], order);
      if (n % 3 === 0) await release(order);
    }),
  );
  expect(await Promise.all(products.map(isInStock))).toContain(false);
});

test('products that sell out while their category is deleted cause no deadlock', async () => {
  const [from, to] = [uuidv7(), uuidv7()];
  const created = await createCategory(deps(), { slug: from, name: 'From' });
  await createCategory(deps(), { slug: to, name: 'To' });
  if (created.kind !== 'created') throw new Error(JSON.stringify(created));
  const products = await Promise.all(Array.from({ length: 30 }, () => scene.productWith(1)));
  for (const id of products) await updateProduct(deps(), { id, category: from });
  const [deleted] = await Promise.all([
    deleteCategory(deps(), { id: created.category.id, moveProductsTo: to }),
    reserve(scene.replica(), ...[...products].reverse().map((id) => orderOf([id, 1]))),
  ]);
  expect(deleted).toMatchObject({ kind: 'deleted' });
  expect(await Promise.all(products.map(isInStock))).toEqual(products.map(() => false));
});

test('the migration corrects the flags of products that existed', async () => {
  const [empty, full] = [await scene.productWith(0), await scene.productWith(3)];
  const { client } = scene.database;
  await client.$executeRawUnsafe('UPDATE products SET in_stock = true');
  const file = 'prisma/product/migrations/20261129100300_in_stock_of_existing_products/migration.sql';
  await client.$executeRawUnsafe(await readFile(file, 'utf8'));
  expect([await isInStock(empty), await isInStock(full)]).toEqual([false, true]);
});

test('the check can fail: without the trigger, a product that sells out stays in stock', async () => {
  const id = await scene.productWith(1);
  const { client } = scene.database;
  await client.$executeRawUnsafe('ALTER TABLE stocks DISABLE TRIGGER stocks_keep_in_stock_of_updated');
  await reserve(scene.database, orderOf([id, 1]));
  expect(await wrongFlags()).toEqual([{ id }]);
  await client.$executeRawUnsafe('ALTER TABLE stocks ENABLE TRIGGER stocks_keep_in_stock_of_updated');
  await client.$executeRawUnsafe('UPDATE stocks SET on_hand = on_hand');
});
