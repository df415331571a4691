import { sqlOver, uuidv7 } from '@shop/subgraph';
import { openStockScene, orderOf, type StockScene } from '../../test/stock-scene.ts';
import { createCategory } from '../use-cases/create-category.ts';
import { deleteCategory } from '../use-cases/delete-category.ts';
import { deleteProduct } from '../use-cases/delete-product.ts';
import { reserveStock } from '../use-cases/reserve-stock.ts';
import { updateProduct } from '../use-cases/update-product.ts';
import { countByCategory, mergeCounts } from './product-counts.ts';
import { countProducts } from './product-search.ts';

let scene: StockScene;
beforeEach(async () => {
  scene = await openStockScene();
});
afterEach(() => scene?.stop());

const deps = () => ({ database: scene.database, now: () => new Date() });
const run = (statement: string) => sqlOver(scene.database.client).query(statement);
const countRows = () => scene.database.client.productCount.count();
const count = (criteria: Parameters<typeof countProducts>[1], limit: number | null = null) =>
  countProducts(scene.database, criteria, false, limit);

async function newCategory(slug: string, parent: string | null = null): Promise<string> {
  const outcome = await createCategory(deps(), { slug, name: slug, parent });
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.category.id;
}

test('lists by category and stock are counted as the products change', async () => {
  await newCategory('top');
  const below = await newCategory('below', 'top');
  const ids = await Promise.all([0, 1, 2, 3].map((units) => scene.productWith(units)));
  const [empty = '', one = '', two = '', three = ''] = ids;
  for (const [id, category] of [
    [empty, 'top'],
    [one, 'top'],
    [two, 'below'],
  ] as const)
    await updateProduct(deps(), { id, category });
  expect(await count({})).toBe(4);
  expect(await count({ category: 'top' })).toBe(3);
  expect(await count({ category: 'top', inStock: true })).toBe(2);
  expect(await count({ category: 'below', inStock: false })).toBe(0);
  expect(await count({ category: 'unknown' })).toBe(0);
  expect(await count({}, 3)).toBe(3);
  expect(await countByCategory(scene.database, ['top', 'below', 'unknown'])).toEqual(
    new Map([
      ['top', 3],
      ['below', 1],
    ]),
  );

  await deleteProduct(deps(), one);
  await scene.database.transact((tx) => reserveStock(tx, [orderOf([two, 2])], new Date()));
  await updateProduct(deps(), { id: three, category: 'below' });
  expect(await count({})).toBe(3);
  expect(await count({ includeDeleted: true })).toBe(4);
  expect(await count({ category: 'top', includeDeleted: true })).toBe(4);
  expect(await count({ category: 'top', inStock: true })).toBe(1);
  expect(await count({ category: 'below', inStock: false })).toBe(1);
  await deleteCategory(deps(), { id: below, moveProductsTo: 'top' });
  expect(await countByCategory(scene.database, ['top', 'below'])).toEqual(new Map([['top', 3]]));
  expect(await scene.wrongCounts()).toEqual([]);
});

test('rows are merged when there are many, also while products change and by several replicas at once', async () => {
  const slugs = ['a', 'b', 'c'];
  for (const slug of slugs) await newCategory(slug);
  const ids = await Promise.all(Array.from({ length: 12 }, () => scene.productWith(1)));
  await mergeCounts(scene.database);
  const before = await countRows();
  expect(before).toBeGreaterThan(1);
  const replicas = [scene.database, scene.replica(), scene.replica()];
  await Promise.all(
    Array.from({ length: 150 }, async (_, n) => {
      const database = replicas[n % 3]!;
      await updateProduct({ ...deps(), database }, { id: ids[n % 12]!, category: slugs[(n * 7) % 3]! });
      if (n % 10 === 0) await mergeCounts(database);
    }),
  );
  expect(await scene.wrongCounts()).toEqual([]);
  await run(`INSERT INTO product_counts (category_id, on_sale, in_stock, change)
             SELECT NULL, true, true, CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END FROM generate_series(1, 300) AS n`);
  await Promise.all(replicas.map((database) => mergeCounts(database)));
  expect(await countRows()).toBeLessThan(110);
  expect(await scene.wrongCounts()).toEqual([]);
});

test('a statement that no trigger saw is corrected once, whoever asks', async () => {
  await Promise.all([1, 0].map((units) => scene.productWith(units)));
  await run('ALTER TABLE products DISABLE TRIGGER USER');
  await run(`INSERT INTO products (id, sku, name, description, price_minor, currency_code, created_at, updated_at)
             VALUES ('${uuidv7()}', 'unseen', 'Unseen', '', 1, 'USD', now(), now())`);
  await run('ALTER TABLE products ENABLE TRIGGER USER');
  expect(await count({})).toBe(2);
  await Promise.all([1, 2, 3].map(() => run('SELECT correct_product_counts()::text')));
  expect([await count({}), await count({ inStock: true })]).toEqual([3, 1]);
});

test('many products that are written, deleted or dropped by one statement are counted', async () => {
  await run(`INSERT INTO products (id, sku, name, description, price_minor, currency_code, created_at, updated_at, in_stock)
             SELECT gen_random_uuid(), 'many-' || n, 'Many', '', 1, 'USD', now(), now(), n % 3 = 0 FROM generate_series(1, 300) AS n`);
  expect([await count({}), await count({ inStock: true }), await countRows()]).toEqual([300, 100, 2]);
  await run(`DELETE FROM products WHERE sku IN ('many-1', 'many-3')`);
  expect([await count({}), await count({ inStock: true })]).toEqual([298, 99]);
  await run('TRUNCATE products CASCADE');
  expect(await count({})).toBe(0);
});
