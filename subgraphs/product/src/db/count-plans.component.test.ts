import {
  countRowsRead,
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type TestDatabase,
} from '@shop/testing';
import { MAX_COUNTED, sqlOver } from '@shop/subgraph';
import { browseCategory } from '../use-cases/browse-category.ts';
import { browseProducts } from '../use-cases/browse-products.ts';
import { createCategoryCountLoader } from './category-products.ts';
import { openDatabase, type Database } from './database.ts';

const PRODUCTS = 30_000;
let server: TestDatabase;
let database: Database;
let plans: QueryPlans;

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  const rows = await createRowBuilder(sqlOver(database.client));
  await server.run(rows.toSql('categories', { slug: 'all', name: 'All' }, { slug: 'other', name: 'Other' }));
  const parent = `(SELECT id FROM categories WHERE slug = 'all')`;
  const child = { slug: `'c-' || n`, parent_id: parent };
  await server.run(rows.toSelectSql('categories', child, 'generate_series(0, 9) AS n'));
  const columns = { sku: `'SKU-' || n`, category_id: `(SELECT id FROM categories WHERE slug = 'c-' || (n % 10))` };
  await server.run(rows.toSelectSql('products', columns, `generate_series(1, ${PRODUCTS}) AS n`));
  await server.run('VACUUM ANALYZE products');
  plans = recordQueryPlans({ databaseUrl: server.url });
});
afterAll(async () => {
  plans?.stop();
  await database?.close();
  await server?.stop();
});

const rowsRead = (plan: string): number => countRowsRead(plan, 'products');

const all = async () => browseProducts({ database } as Parameters<typeof browseProducts>[0], { first: 1 }, false);
const category = async (slug: string) =>
  browseCategory(
    { categoryCounts: createCategoryCountLoader(database), categoryPages: { load: async () => [] } },
    slug,
    {},
  );

test.each([
  ['all products', all, PRODUCTS],
  ['a category and those below it', () => category('all'), PRODUCTS],
])('a capped count of %s reads up to the cap', async (_name, list, total) => {
  expect(await (await list()).totalCount()).toBe(total);
  expect(await (await list()).cappedCount()).toEqual({ count: MAX_COUNTED, isCapped: true });
  expect(rowsRead(await plans.of(async () => (await list()).cappedCount()))).toBeLessThanOrEqual(MAX_COUNTED + 1);
  expect(rowsRead(await plans.of(async () => (await list()).totalCount()))).toBeGreaterThan(MAX_COUNTED + 1);
});

test.each([
  ['c-1', PRODUCTS / 10],
  ['other', 0],
  ['unknown', 0],
])('the category %s has the same count with a cap and without', async (slug, count) => {
  const list = await category(slug);
  expect(await list.totalCount()).toBe(count);
  expect(await list.cappedCount()).toEqual({ count, isCapped: false });
});
