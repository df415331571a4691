import { sqlOver } from '@shop/subgraph';
import { createRowBuilder, startTestDatabase, type RowBuilder, type TestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../db/database.ts';
import { browseProducts, type BrowseProducts } from './browse-products.ts';
import { createCategory } from './create-category.ts';

const PRODUCTS = 21_000;
/** The maximum number of ranked matches. */
const RANKED = 500;
let server: TestDatabase;
let database: Database;
let rows: RowBuilder;
const deps = () => ({ database, now: () => new Date() });
const browse = (args: BrowseProducts, maySeeDeleted = false) => browseProducts(deps(), args, maySeeDeleted);
const run = (sql: string) => server.run(sql);

/** The id of the nth product. Products with larger numbers are newer. */
const idOf = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const search = (text: string, more: object = {}): BrowseProducts => ({ filter: { search: text, ...more } });

/** Every fourth product is durable; one in ten of these has the word in its name. The newest 300 are novel, the oldest 40 antique. */
const insert = (
  from: number,
  to: number,
  description = `CASE WHEN n % 4 = 0 THEN 'A durable thing.' ELSE 'A thing.' END
    || CASE WHEN n > ${PRODUCTS - 300} THEN ' Novel.' WHEN n <= 40 THEN ' Antique.' ELSE '' END`,
) =>
  run(
    rows.toSelectSql(
      'products',
      {
        id: `('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`,
        sku: `'SKU-' || n`,
        name: `CASE WHEN n % 40 = 0 THEN 'Durable lamp ' ELSE 'Lamp ' END || n`,
        description,
        price_minor: 'CASE n WHEN 400 THEN 77 ELSE 1000 END',
        category_id: `(SELECT id FROM categories WHERE slug = 'few' AND n IN (80, 84, 85))`,
        on_sale: 'n <> 20000',
        // As the stocks below make it, so that no product is written twice and the table is in order of age.
        in_stock: 'n <> 120',
      },
      `generate_series(${from}, ${to}) AS n`,
    ),
  );

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  rows = await createRowBuilder(sqlOver(database.client));
  await createCategory(deps(), { slug: 'few', name: 'Few' });
  await insert(1, PRODUCTS);
  await run(
    rows.toSelectSql(
      'stocks',
      { product_id: 'id', on_hand: `CASE id WHEN '${idOf(120)}' THEN 0 ELSE 5 END` },
      'products',
    ),
  );
  // Autovacuum would update these statistics later.
  await run('VACUUM ANALYZE products');
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function walk(
  args: BrowseProducts,
  direction: 'forward' | 'backward',
  meanwhile?: (page: number) => Promise<unknown>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined, number = 1; ; number += 1) {
    const page = await browse({
      ...args,
      ...(direction === 'forward' ? { first: 60, after: cursor } : { last: 60, before: cursor }),
    });
    const some = page.nodes.map(({ id }) => id);
    if (direction === 'forward') ids.push(...some);
    else ids.unshift(...some);
    await meanwhile?.(number);
    if (direction === 'forward' ? !page.pageInfo.hasNextPage : !page.pageInfo.hasPreviousPage) return ids;
    cursor = direction === 'forward' ? page.pageInfo.endCursor : page.pageInfo.startCursor;
  }
}
const count = async (args: BrowseProducts) => (await browse(args)).totalCount();
const newestDurable = (from = PRODUCTS): string[] => {
  const ids: string[] = [];
  for (let n = from - (from % 4); ids.length < RANKED; n -= 4) if (n !== 20_000) ids.push(idOf(n));
  return ids;
};

describe('a word that a quarter of all products contain', () => {
  test.each(['durable', 'durables', 'dura', 'durable thing', 'durabel'])(
    '%s ranks the newest matches, and pages list each once in both directions',
    async (text) => {
      const forward = await walk(search(text), 'forward');
      expect([...forward].sort()).toEqual(newestDurable().sort());
      expect(await walk(search(text), 'backward')).toEqual(forward);
      expect(await count(search(text))).toBe(RANKED);
      // Products with the word in their name come first.
      const named = forward.slice(0, 60).map((id) => Number.parseInt(id.slice(-12), 16) % 40 === 0);
      expect(named.lastIndexOf(true)).toBe(named.indexOf(false) - 1);
      expect(named.filter(Boolean).length).toBeGreaterThan(40);
    },
  );

  test('combines with filters that nearly all products match', async () => {
    expect((await walk(search('durable', { inStock: true, minPrice: 500 }), 'forward')).sort()).toEqual(
      newestDurable().sort(),
    );
    expect(await count(search('durable', { inStock: true, minPrice: 500 }))).toBe(RANKED);
  });

  test.each([
    ['a category', { category: 'few' }, [80, 84]],
    ['a price', { maxPrice: 100 }, [400]],
    ['no stock', { inStock: false }, [120]],
    ['ids', { ids: [idOf(12), idOf(13), idOf(20_996)] }, [20_996, 12]],
  ])('finds the few products that also match %s, however old they are', async (_name, filter, found) => {
    const args = search('durable', filter);
    expect((await walk(args, 'forward')).sort()).toEqual(found.map(idOf).sort());
    expect(await walk(args, 'backward')).toEqual(await walk(args, 'forward'));
    expect(await count(args)).toBe(found.length);
  });

  test('combined with a word of the oldest products finds those', async () => {
    const both = (await walk(search('durable antique'), 'forward')).sort();
    expect(both).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40].map(idOf).sort());
  });

  test('leaves out products that are off sale, except for callers who may see them', async () => {
    expect(await walk(search('durable'), 'forward')).not.toContain(idOf(20_000));
    const all = await browse({ ...search('durable', { includeDeleted: true }), first: 100 }, true);
    expect(all.nodes.map(({ id }) => id)).toContain(idOf(20_000));
  });
});

test('a word that only the newest products have is found in all of them', async () => {
  const found = await walk(search('novel'), 'forward');
  expect(found.sort()).toEqual(Array.from({ length: 300 }, (_, index) => idOf(PRODUCTS - index)).sort());
  expect(await count(search('novel'))).toBe(300);
});

test('forged cursors are positions in a list, or are rejected', async () => {
  const madeUp = async (text: string, key: string) => {
    const cursor = (await browse({ ...search(text), first: 1 })).pageInfo.endCursor ?? '';
    const [by = '', kind = '', , id = ''] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    return {
      ...search(text),
      first: 100,
      after: Buffer.from(JSON.stringify([by, kind, key, id])).toString('base64url'),
    };
  };
  expect((await browse(await madeUp('durable', `99999999@${idOf(0)}`))).nodes).toEqual([]);
  expect((await browse(await madeUp('durable', '99999999@ffffffff-ffff-ffff-ffff-ffffffffffff'))).nodes).toHaveLength(
    100,
  );
  // The scan reads at most this many products, however far back the cursor claims that matches were found.
  expect((await browse(await madeUp('antique', `99999999@${idOf(PRODUCTS)}`))).nodes).toEqual([]);
  expect((await browse(await madeUp('antique', '99999999'))).nodes).toHaveLength(40);
  for (const key of ['1@', '1@nonsense', `1@${idOf(1)}@${idOf(1)}`, `1@${idOf(1)}'`, '@', `x@${idOf(1)}`]) {
    await expect(madeUp('durable', key).then(browse)).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  }
});

describe('a filter that leaves too many products to scan all of them', () => {
  const few = search('durable', { minPrice: 2_000 });

  beforeAll(async () => {
    await run(`UPDATE products SET price_minor = 2000 + get_byte(uuid_send(id), 15) WHERE on_sale AND price_minor = 1000
      AND get_byte(uuid_send(id), 15) < 40`);
    await run('VACUUM ANALYZE products');
  });
  afterAll(() => run('UPDATE products SET price_minor = 1000 WHERE price_minor >= 2000'));

  test('ranks the matches with the highest prices, and pages list each once in both directions', async () => {
    const forward = await walk(few, 'forward');
    expect(forward).toHaveLength(RANKED);
    expect(new Set(forward)).toHaveProperty('size', RANKED);
    expect(await walk(few, 'backward')).toEqual(forward);
    expect(await count(few)).toBe(RANKED);
    const byPrice = await database.lists.query<{ id: string }>(
      `SELECT id FROM products WHERE on_sale AND price_minor >= 2000 AND description LIKE '%durable%'
        ORDER BY price_minor DESC, id DESC LIMIT ${RANKED}`,
      [],
    );
    expect([...forward].sort()).toEqual(byPrice.map(({ id }) => id).sort());
  });
});

// These tests come last, since they add products.
describe('while products are added', () => {
  let next = PRODUCTS + 1;
  const add = (many: number, description: string) => insert(next, (next += many) - 1, description);

  test.each(['forward', 'backward'] as const)(
    'paging %s over a common word lists the matches that were ranked first, each once',
    async (direction) => {
      const before = await walk(search('durable'), 'forward');
      const seen = await walk(search('durable'), direction, (page) =>
        add(200, page % 2 ? `'A durable thing.'` : `'Nothing.'`),
      );
      expect(seen).toEqual(before);
      expect(await walk(search('durable'), 'forward')).not.toEqual(before);
    },
  );

  test('a word that becomes common during paging keeps its earlier matches', async () => {
    const antique = await walk(search('antique'), 'forward');
    expect(antique).toHaveLength(40);
    const page = await browse({ ...search('antique'), first: 10 });
    const seen = page.nodes.map(({ id }) => id);
    await add(4_000, `'Antique.'`);
    for (let after = page.pageInfo.endCursor; after;) {
      const further = await browse({ ...search('antique'), first: 100, after });
      seen.push(...further.nodes.map(({ id }) => id));
      after = further.pageInfo.hasNextPage ? further.pageInfo.endCursor : null;
    }
    expect(new Set(seen)).toHaveProperty('size', seen.length);
    expect(seen).toEqual(expect.arrayContaining(antique));
    expect((await walk(search('antique'), 'forward')).filter((id) => antique.includes(id))).toEqual([]);
  });
});
