import {
  countRowsRead,
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type TestDatabase,
} from '@shop/testing';
import { MAX_COUNTED, poolOptions, sqlOver } from '@shop/subgraph';
import { browseCategory } from '../use-cases/browse-category.ts';
import { browseProducts, type BrowseProducts } from '../use-cases/browse-products.ts';
import { listLowStock } from '../use-cases/list-low-stock.ts';
import { createCategoryCountLoader } from './category-products.ts';
import { mergeCounts } from './product-counts.ts';
import { openDatabase, settings, type Database } from './database.ts';
import { createProductBySkuLoader, createProductLoader } from './products.ts';

const PRODUCTS = 20_000;
let server: TestDatabase;
let database: Database;
const deps = () => ({ database, now: () => new Date() });
const browse = (args: BrowseProducts) => browseProducts(deps(), args, false);

let plans: QueryPlans;
/** Adds 1,000 similar products that are newer than all others. */
let importOthers: () => Promise<unknown>;

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  const run = (sql: string) => server.run(sql);
  const rows = await createRowBuilder(sqlOver(database.client));
  const all = await rows.insert('categories', { slug: 'all' });
  await rows.insert('categories', { slug: 'empty' });
  await run(
    rows.toSelectSql(
      'categories',
      { slug: `'c-' || n`, parent_id: `'${all['id']}'::uuid` },
      'generate_series(0, 19) AS n',
    ),
  );
  const columns = {
    sku: `'SKU-' || n`,
    name: `(ARRAY['Smartphone','Lamp','Chair','Kettle'])[1 + n % 4] || ' ' || md5((n % 500)::text)`,
    // One in a hundred has "velvet", and as many a word that begins with it. One in a thousand has "satin".
    description: `repeat('What is told of product ' || n || ' at length. ', 5)
      || CASE n % 100 WHEN 2 THEN 'velvet' WHEN 3 THEN 'velveteen' ELSE '' END
      || CASE n % 1000 WHEN 4 THEN 'satin' WHEN 5 THEN 'satinet' ELSE '' END`,
    price_minor: '100 + n % 5000',
    category_id: `(SELECT id FROM categories WHERE slug = 'c-' || (n % 20))`,
  };
  await run(rows.toSelectSql('products', columns, `generate_series(1, ${PRODUCTS}) AS n`));
  importOthers = () =>
    run(
      rows.toSelectSql(
        'products',
        {
          id: `('ffffffff-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`,
          sku: `'OTHER-' || n`,
          name: `'Hammock ' || n`,
          description: `'A new department.'`,
          price_minor: '100',
        },
        'generate_series(1, 1000) AS n',
      ),
    );
  await run(rows.toSelectSql('stocks', { product_id: 'id', on_hand: '1 + price_minor % 90' }, 'products'));
  await mergeCounts(database);
  for (const table of ['products', 'stocks', 'categories', 'product_words', 'product_counts'])
    await run(`VACUUM ANALYZE ${table}`);

  plans = recordQueryPlans({ databaseUrl: server.url, options: poolOptions(server.url, { settings }).options ?? '' });
});
afterAll(async () => {
  plans?.stop();
  await database?.close();
  await server?.stop();
});

const rowsRead = (plan: string): number => countRowsRead(plan, 'products|stocks');

const cursorOf = async (args: BrowseProducts) => (await browse({ ...args, first: 100 })).pageInfo.endCursor;
const sorts = ['NAME', 'PRICE', 'CREATED_AT'] as const;
const cases: [string, () => Promise<unknown>][] = [
  [
    'a product by id',
    async () => createProductLoader(database).load(((await browse({ first: 1 })).nodes[0] as { id: string }).id),
  ],
  ['a product by SKU', () => createProductBySkuLoader(database).load('SKU-777')],
  ['the first page', () => browse({})],
  ['the last page', () => browse({ last: 20 })],
  ['products in stock', () => browse({ filter: { inStock: true } })],
  ['a page of products out of stock', () => browse({ filter: { inStock: false } })],
  [
    'a page of few products in a range of prices',
    () => browse({ filter: { inStock: true, minPrice: 5_000, maxPrice: 5_090 } }),
  ],
  ['many products in a range of prices', () => browse({ filter: { inStock: true, minPrice: 100 } })],
  ['a page of no products in a range of prices', () => browse({ filter: { minPrice: 9_000, maxPrice: 9_999 } })],
  ['a search', () => browse({ filter: { search: 'told of product 777' } })],
  ['a search for a word that a quarter has', () => browse({ filter: { search: 'smartphone' } })],
  ['a search for a word that all have', () => browse({ filter: { search: 'told' } })],
  ['a search by the beginning of a word', () => browse({ filter: { search: 'smartph' } })],
  ['a search by a misspelt word', () => browse({ filter: { search: 'smartfone' } })],
  ['a search for a word that a quarter has, and a rare one', () => browse({ filter: { search: 'smartphone 777' } })],
  ['a search for a word that all have, and a price', () => browse({ filter: { search: 'told', minPrice: 5_000 } })],
  ['a search in a category', () => browse({ filter: { search: 'smartphone', category: 'all' } })],
  ['the number of products in a category', async () => (await browse({ filter: { category: 'all' } })).totalCount()],
  ['a search by price', () => browse({ filter: { search: '777' }, sort: { field: 'PRICE', direction: 'ASC' } })],
  ['low stock', () => listLowStock(deps(), { threshold: 10 })],
  ...sorts.flatMap((field): [string, () => Promise<unknown>][] =>
    (['ASC', 'DESC'] as const).flatMap((direction) => {
      const sort = { field, direction };
      const category = 'all';
      return [
        [`a page by ${field} ${direction}`, () => browse({ sort })],
        [
          `a page by ${field} ${direction} from a cursor`,
          async () => browse({ sort, after: await cursorOf({ sort }) }),
        ],
        [`a category by ${field} ${direction}`, () => browse({ sort, filter: { category } })],
        [`a page out of stock by ${field} ${direction}`, () => browse({ sort, filter: { inStock: false } })],
        [
          `a category by ${field} ${direction} of products out of stock`,
          () => browse({ sort, filter: { category, inStock: false } }),
        ],
        [
          `a category by ${field} ${direction} from a cursor`,
          async () => browse({ sort, filter: { category }, after: await cursorOf({ sort, filter: { category } }) }),
        ],
      ];
    }),
  ),
];

test.each(cases)('%s reads an index, not the table', async (_name, work) => {
  const plan = await plans.of(work);
  if (process.env['SHOW_PLANS']) process.stdout.write(`\n== ${_name}\n${plan}\n`);
  expect(plan).not.toMatch(/Seq Scan on (products|stocks|product_words)/);
});

test.each(cases.filter(([name]) => /page|category by|id|SKU|low/.test(name)))(
  '%s reads no more rows than a page of each category',
  async (_name, work) => {
    expect(rowsRead(await plans.of(work))).toBeLessThanOrEqual(101 * 21);
  },
);

test.each(cases.filter(([name]) => /^(the (first|last) page|products in stock|a (page|category)[^]* by)/.test(name)))(
  'prepared, %s reads no more rows than a page of each category',
  async (_name, work) => {
    const { options = '' } = poolOptions(server.url, { settings });
    const prepared = recordQueryPlans({ databaseUrl: server.url, options, arePrepared: true });
    try {
      const plan = await prepared.of(work);
      expect(plan).not.toMatch(/Seq Scan on (products|stocks)|Sort Method: external/);
      expect(rowsRead(plan)).toBeLessThanOrEqual(101 * 21);
    } finally {
      prepared.stop();
    }
  },
);

test('a plan that is kept since the shop was empty reads indexes too', async () => {
  const empty = await startTestDatabase('product');
  const newShop = openDatabase(empty.url);
  const { options = '' } = poolOptions(empty.url, { settings });
  const prepared = recordQueryPlans({ databaseUrl: empty.url, options, arePrepared: true });
  try {
    for (const filter of [{}, { category: 'all' }, { inStock: true }])
      for (const field of sorts) {
        const args = { filter, sort: { field, direction: 'ASC' } } as const;
        const plan = await prepared.of(() => browseProducts({ database: newShop, now: () => new Date() }, args, false));
        expect(plan).toMatch(/Index Scan( Backward)? using products_\w+ on products/);
        expect(plan).not.toContain('Seq Scan on products');
      }
  } finally {
    prepared.stop();
    await newShop.close();
    await empty.stop();
  }
});

test.each([
  ['a search for a word that a quarter has', {}, 4 * 500 + 500],
  ['a search for a word that a quarter has, of what is in stock', { inStock: true }, 4 * 500 + 500],
  ['a search for a word that a quarter has, in a category', { category: 'all' }, 4 * 500 + 500],
  ['a search for a rare word, with the sample', { search: '777' }, 700],
])('%s reads only as many of the newest products as contain 500 matches', async (_name, filter, most) => {
  const args = { filter: { search: 'smartphone', ...filter }, first: 20 };
  expect(rowsRead(await plans.of(() => browse(args)))).toBeLessThanOrEqual(most);
  expect(rowsRead(await plans.of(async () => (await browse(args)).totalCount()))).toBeLessThanOrEqual(most);
  expect(
    rowsRead(await plans.of(async () => browse({ ...args, after: (await browse(args)).pageInfo.endCursor }))),
  ).toBeLessThanOrEqual(most);
});

/** The numbers of all products of a search, page by page. */
async function searchAll(filter: { search: string; minPrice?: number }): Promise<number[]> {
  const numbers: number[] = [];
  for (let after: string | null | undefined; ;) {
    const page = await browse({ filter, first: 30, after });
    numbers.push(...page.nodes.map(({ sku }) => Number(sku.slice('SKU-'.length))));
    if (!page.pageInfo.hasNextPage) {
      expect(await page.totalCount()).toBe(numbers.length);
      return numbers.toSorted((one, other) => one - other);
    }
    after = page.pageInfo.endCursor;
  }
}
const numbersOf = (rest: number, of: number, least = 0) =>
  Array.from({ length: PRODUCTS / of }, (_, n) => rest + n * of).filter((n) => n % 5_000 >= least);

test.each([
  ['a word that a hundred products have', { search: 'velvet' }, numbersOf(2, 100)],
  ['two words that a hundred products have', { search: 'told velvet' }, numbersOf(2, 100)],
  ['a word that a hundred products have, and a price', { search: 'velvet', minPrice: 2_100 }, numbersOf(2, 100, 2_000)],
])('a search for %s finds no words that begin with it, on any page', async (_name, filter, numbers) => {
  expect(await searchAll(filter)).toEqual(numbers);
});

test.each([
  ['a word that few products have', 'satin', [...numbersOf(4, 1_000), ...numbersOf(5, 1_000)]],
  ['the beginning of a word', 'velve', [...numbersOf(2, 100), ...numbersOf(3, 100)]],
  ['a part of SKUs', 'u-1234', [1_234, ...Array.from({ length: 10 }, (_, n) => 12_340 + n)]],
  [
    'two words that are a part of SKUs together',
    'ku 1234',
    [1_234, ...Array.from({ length: 10 }, (_, n) => 12_340 + n)],
  ],
])('a search for %s finds also what begins with it', async (_name, search, numbers) => {
  expect(await searchAll({ search })).toEqual(numbers.toSorted((one, other) => one - other));
});

test('the beginning of known words is looked for by these, not by all that begins with it', async () => {
  const plan = await plans.of(() => browse({ filter: { search: 'velve' } }));
  expect(plan).toMatch(/products_search_words_idx \(actual rows=4\d\d[^]*?'velvet'[^]*?'velveteen'/);
  expect(plan).toMatch(/products_search_words_idx \(never executed\)\s*Index Cond: \(search_words @@ '''velv'':\*/);
});

const category = (slug: string) =>
  browseCategory(
    { categoryCounts: createCategoryCountLoader(database), categoryPages: { load: async () => [] } },
    slug,
    {},
  );

test.each([
  ['all products', () => browse({ first: 1 })],
  ['a category and those below it', () => category('all')],
])('a count of %s reads no product', async (_name, list) => {
  const { totalCount, cappedCount } = await list();
  const plan = await plans.of(async () => {
    expect(await totalCount()).toBe(PRODUCTS);
    expect(await cappedCount()).toEqual({ count: MAX_COUNTED, isCapped: true });
  });
  expect(plan).not.toMatch(/ on (products|stocks)/);
  expect(countRowsRead(plan, 'product_counts')).toBeLessThan(100);
});

test('a capped count of a range of prices reads up to the cap', async () => {
  const list = () => browse({ first: 1, filter: { minPrice: 1 } });
  expect(await (await list()).totalCount()).toBe(PRODUCTS);
  expect(await (await list()).cappedCount()).toEqual({ count: MAX_COUNTED, isCapped: true });
  expect(rowsRead(await plans.of(async () => (await list()).cappedCount()))).toBeLessThanOrEqual(MAX_COUNTED + 1);
  expect(rowsRead(await plans.of(async () => (await list()).totalCount()))).toBeGreaterThan(MAX_COUNTED + 1);
});

test.each([
  ['c-1', PRODUCTS / 20],
  ['empty', 0],
  ['unknown', 0],
])('the category %s has the same count with a cap and without', async (slug, count) => {
  const list = await category(slug);
  expect(await list.totalCount()).toBe(count);
  expect(await list.cappedCount()).toEqual({ count, isCapped: false });
});

test('the check of rows can fail: without the indexes on stock, products out of stock are looked for in all', async () => {
  const page = () => browse({ filter: { inStock: false } });
  expect(rowsRead(await plans.of(page))).toBe(0);
  await database.client.$executeRawUnsafe(
    `DROP INDEX products_in_stock_idx, products_in_stock_price_idx, products_in_stock_named_idx,
      products_category_in_stock_idx, products_category_in_stock_price_idx, products_category_in_stock_named_idx`,
  );
  expect(await plans.of(page)).toContain(`Rows Removed by Filter: ${PRODUCTS}`);
});

test('a common word stays common after an import of products without it', async () => {
  await importOthers();
  const search = () => browse({ filter: { search: 'smartphone' }, first: 20 });
  expect(rowsRead(await plans.of(search))).toBeLessThanOrEqual(1_000 + 4 * 500 + 500);
  expect((await search()).nodes).toHaveLength(20);
});

test('the check of rows can fail: without the indexes on names, a whole category is read', async () => {
  const sort = { field: 'NAME', direction: 'ASC' } as const;
  await database.client.$executeRawUnsafe('DROP INDEX products_category_named_idx, products_named_idx');
  expect(rowsRead(await plans.of(() => browse({ sort, filter: { category: 'all' } })))).toBeGreaterThan(101 * 21);
});

test('the check can fail: a condition without an index scans the table', async () => {
  expect(
    await plans.of(() => database.client.product.findMany({ where: { description: { contains: 'zebra' } } })),
  ).toContain('Seq Scan on products');
});
