import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import { openDatabase, type Database } from '../db/database.ts';
import type { Product } from '../domain/product.ts';
import { browseProducts, type BrowseProducts } from './browse-products.ts';
import { createCategory } from './create-category.ts';
import { createProduct } from './create-product.ts';
import { deleteProduct } from './delete-product.ts';
import { listLowStock } from './list-low-stock.ts';
import { reserveStock } from './reserve-stock.ts';
import { updateProduct } from './update-product.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();
const deps = () => ({ database, now });
const badInput = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } });

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function newProduct(input: object = {}): Promise<Product> {
  const whole = {
    // Without the letters a to f and digits, which some searches below would find in it.
    sku: uuidv7().replaceAll(/[0-9a-f]/g, (digit) => 'ghijklmnopqrstuv'[Number.parseInt(digit, 16)] ?? ''),
    name: 'A product',
    description: '',
    price: { amount: 100, currencyCode: 'USD' },
    initialStock: 1,
    ...input,
  };
  const outcome = await createProduct(deps(), whole, null);
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.product;
}
async function newCategory(parent?: string): Promise<string> {
  const slug = uuidv7();
  expect(await createCategory(deps(), { slug, name: slug, parent })).toMatchObject({
    kind: 'created',
    category: { slug },
  });
  return slug;
}
const browse = (args: BrowseProducts = {}, maySeeDeleted = false) => browseProducts(deps(), args, maySeeDeleted);
const idsOf = async (args: BrowseProducts, maySeeDeleted = false) =>
  (await browse(args, maySeeDeleted)).nodes.map(({ id }) => id);
const eventsOf = (aggregateId: string) =>
  database.client.outbox.findMany({
    where: { aggregateId, type: { startsWith: 'shop.product' } },
    orderBy: { sequence: 'asc' },
  });

describe('changing a product', () => {
  test('changes the given fields, increments the version and publishes the whole product', async () => {
    const [category, product] = [await newCategory(), await newProduct({ imageUrl: 'https://example.com/a.png' })];
    const outcome = await updateProduct(deps(), {
      id: product.id,
      expectedVersion: 1,
      name: 'Other',
      price: { amount: 7, currencyCode: 'JPY' },
      category,
    });
    expect(outcome).toMatchObject({
      kind: 'updated',
      product: {
        name: 'Other',
        priceMinor: 7,
        currencyCode: 'JPY',
        version: 2,
        sku: product.sku,
        imageUrl: 'https://example.com/a.png',
      },
    });
    const emptied = await updateProduct(deps(), { id: product.id, category: null, imageUrl: null });
    expect(emptied).toMatchObject({ kind: 'updated', product: { categoryId: null, imageUrl: null, version: 3 } });
    const events = await eventsOf(product.id);
    expect(events.map(({ type }) => type)).toEqual([
      'shop.product.created.v1',
      'shop.product.updated.v1',
      'shop.product.updated.v1',
    ]);
    expect((events[1]?.payload as { data: object }).data).toMatchObject({
      productId: product.id,
      name: 'Other',
      priceMinor: 7,
      version: 2,
      categoryId: expect.any(String),
    });
  });

  test('without a difference keeps the version and publishes nothing', async () => {
    const product = await newProduct();
    expect(await updateProduct(deps(), { id: product.id, name: product.name, sku: product.sku })).toEqual({
      kind: 'updated',
      product,
    });
    expect(await eventsOf(product.id)).toHaveLength(1);
  });

  test('succeeds once for concurrent changes of the same version', async () => {
    const { id } = await newProduct();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => updateProduct(deps(), { id, expectedVersion: 1, name: `Name ${index}` })),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['updated', ...Array(7).fill('version-conflict')]);
    expect(outcomes.filter(({ kind }) => kind === 'version-conflict')).toContainEqual({
      kind: 'version-conflict',
      currentVersion: 2,
    });
    expect(await database.client.product.findUnique({ where: { id } })).toMatchObject({ version: 2 });
  });

  test('reports each broken rule, and each missing category or product', async () => {
    const [product, other] = [await newProduct(), await newProduct()];
    const bad = await updateProduct(deps(), {
      id: product.id,
      sku: 'a b',
      name: 'x'.repeat(10_240),
      description: 'x'.repeat(10_001),
      price: { amount: -1, currencyCode: 'EURO' },
      category: 'No Slug',
      imageUrl: 'ftp://x',
    });
    expect(bad.kind === 'invalid-input' && new Set(bad.issues.map(({ path }) => path))).toEqual(
      new Set(['sku', 'name', 'description', 'price.amount', 'price.currencyCode', 'category', 'imageUrl']),
    );
    expect(await updateProduct(deps(), { id: product.id, name: null })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'name' }],
    });
    expect(await updateProduct(deps(), { id: product.id, price: { amount: 0, currencyCode: 'USD' } })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'price.amount' }],
    });
    expect(await updateProduct(deps(), { id: product.id, category: 'nowhere' })).toEqual({
      kind: 'category-not-found',
      slug: 'nowhere',
    });
    expect(await updateProduct(deps(), { id: product.id, sku: other.sku })).toEqual({
      kind: 'sku-taken',
      holder: { id: other.id, onSale: true },
      sku: other.sku,
    });
    for (const id of [uuidv7(), 'nonsense', ''])
      expect(await updateProduct(deps(), { id })).toEqual({ kind: 'product-not-found', id });
    expect(
      await createProduct(
        deps(),
        {
          sku: uuidv7(),
          name: 'A',
          description: '',
          price: { amount: 1, currencyCode: 'USD' },
          category: 'nowhere',
          initialStock: 0,
        },
        null,
      ),
    ).toEqual({ kind: 'category-not-found', slug: 'nowhere' });
  });

  test('a product that is taken off sale is kept, and an update puts it on sale again', async () => {
    const { id, name } = await newProduct({ name: `Gone ${uuidv7()}` });
    expect(await deleteProduct(deps(), id)).toMatchObject({ id, onSale: false, version: 2 });
    expect(await deleteProduct(deps(), id)).toMatchObject({ version: 2 });
    const filter = { ids: [id] };
    expect(await idsOf({ filter })).toEqual([]);
    expect(await idsOf({ filter: { ...filter, includeDeleted: true } })).toEqual([]);
    expect(await idsOf({ filter }, true)).toEqual([]);
    expect(await idsOf({ filter: { ...filter, includeDeleted: true } }, true)).toEqual([id]);
    expect(await idsOf({ filter: { search: name } })).toEqual([]);
    expect(await updateProduct(deps(), { id, onSale: true })).toMatchObject({ product: { onSale: true, version: 3 } });
    expect(await idsOf({ filter })).toEqual([id]);
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      'shop.product.created.v1',
      'shop.product.deleted.v1',
      'shop.product.updated.v1',
    ]);
    expect(await deleteProduct(deps(), uuidv7())).toBeNull();
    expect(await deleteProduct(deps(), 'nonsense')).toBeNull();
  });
});

describe('categories', () => {
  test('form a tree, and a filter includes descendants', async () => {
    const top = await newCategory();
    const middle = await newCategory(top);
    const leaf = await newCategory(middle);
    const [a, b, c] = [
      await newProduct({ category: top }),
      await newProduct({ category: middle }),
      await newProduct({ category: leaf }),
    ];
    expect(await idsOf({ filter: { category: top } })).toEqual([c.id, b.id, a.id]);
    expect(await idsOf({ filter: { category: middle } })).toEqual([c.id, b.id]);
    expect(await idsOf({ filter: { category: leaf } })).toEqual([c.id]);
    expect(await (await browse({ filter: { category: top } })).totalCount()).toBe(3);
    for (const nowhere of ['nowhere', 'No Slug', '\0'])
      expect(await idsOf({ filter: { category: nowhere } })).toEqual([]);
  });

  test('reject a used slug, an unknown parent, themselves as parent, and invalid input', async () => {
    const slug = await newCategory();
    expect(await createCategory(deps(), { slug, name: 'A' })).toEqual({ kind: 'slug-taken', slug });
    expect(await createCategory(deps(), { slug: uuidv7(), name: 'A', parent: 'nowhere' })).toEqual({
      kind: 'parent-not-found',
      slug: 'nowhere',
    });
    expect(await createCategory(deps(), { slug: 'self', name: 'A', parent: 'self' })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'parent' }],
    });
    expect(await createCategory(deps(), { slug: 'Not a slug', name: ' ' })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'slug' }, { path: 'name' }],
    });
    const row = await database.client.category.findUniqueOrThrow({ where: { slug } });
    await expect(database.client.category.update({ where: { slug }, data: { parentId: row.id } })).rejects.toThrow(
      /categories_parent_check/,
    );
  });
});

describe('listing', () => {
  async function twelve() {
    const category = await newCategory();
    const products: Product[] = [];
    for (let index = 0; index < 12; index += 1) {
      // Names and prices repeat, so that ids must break ties.
      products.push(
        await newProduct({
          category,
          name: `${index % 2 ? 'B' : 'a'} lamp ${index % 6}`,
          price: { amount: 100 + (index % 4), currencyCode: 'USD' },
        }),
      );
    }
    return { category, products };
  }
  async function walk(args: BrowseProducts, direction: 'forward' | 'backward', insert?: () => Promise<unknown>) {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; ;) {
      const page = await browse({
        ...args,
        ...(direction === 'forward' ? { first: 5, after: cursor } : { last: 5, before: cursor }),
      });
      const some = page.nodes.map(({ id }) => id);
      if (direction === 'forward') ids.push(...some);
      else ids.unshift(...some);
      await insert?.();
      if (direction === 'forward' ? !page.pageInfo.hasNextPage : !page.pageInfo.hasPreviousPage) return ids;
      cursor = direction === 'forward' ? page.pageInfo.endCursor : page.pageInfo.startCursor;
    }
  }

  test.each([
    ['NAME', 'ASC'],
    ['NAME', 'DESC'],
    ['PRICE', 'ASC'],
    ['PRICE', 'DESC'],
    ['CREATED_AT', 'ASC'],
    ['CREATED_AT', 'DESC'],
    ['RELEVANCE', 'ASC'],
  ] as const)('by %s %s finds each product once in both directions', async (field, direction) => {
    const { category, products } = await twelve();
    const args = {
      filter: { category, ...(field === 'RELEVANCE' ? { search: 'lamp' } : {}) },
      sort: { field, direction },
    };
    const forward = await walk(args, 'forward');
    expect(new Set(forward)).toEqual(new Set(products.map(({ id }) => id)));
    expect(forward).toHaveLength(12);
    expect(await walk(args, 'backward')).toEqual(forward);
    if (field === 'RELEVANCE') return;
    const keyOf = ({ id, name, priceMinor }: Product) =>
      ({ NAME: name.toLowerCase(), PRICE: String(priceMinor), CREATED_AT: '' })[field] + id;
    const sorted = products.map(keyOf).sort();
    const listed = forward.map((id) => keyOf(products.find((product) => product.id === id) as Product));
    expect(listed).toEqual(direction === 'ASC' ? sorted : sorted.reverse());
  });

  test.each(['NAME', 'PRICE', 'CREATED_AT'] as const)('by %s is stable while products are added', async (field) => {
    const { category, products } = await twelve();
    const insert = () => newProduct({ category, name: 'A first', price: { amount: 1, currencyCode: 'USD' } });
    const seen = await walk(
      { filter: { category }, sort: { field, direction: field === 'CREATED_AT' ? 'DESC' : 'ASC' } },
      'forward',
      insert,
    );
    expect(seen).toHaveLength(12);
    expect(new Set(seen)).toEqual(new Set(products.map(({ id }) => id)));
  });

  test('combines filters', async () => {
    const { category, products } = await twelve();
    const none = await newProduct({
      category,
      initialStock: 0,
      name: 'lamp',
      price: { amount: 102, currencyCode: 'USD' },
    });
    const dear = products
      .filter(({ priceMinor }) => priceMinor >= 102)
      .map(({ id }) => id)
      .reverse();
    expect(await idsOf({ filter: { category, minPrice: 102, inStock: true } })).toEqual(dear);
    expect(await idsOf({ filter: { category, minPrice: 102, maxPrice: 102, inStock: false, search: 'lamp' } })).toEqual(
      [none.id],
    );
    expect(await idsOf({ filter: { category, ids: [products[3]!.id, products[4]!.id, 'nonsense'] } })).toEqual([
      products[4]!.id,
      products[3]!.id,
    ]);
    expect(await idsOf({ filter: { category, minPrice: 5, maxPrice: 4 } })).toEqual([]);
    expect(await (await browse({ filter: { category, inStock: false } })).totalCount()).toBe(1);
    expect(
      (await browse({ filter: { category, search: 'lamp' }, sort: { field: 'PRICE', direction: 'DESC' }, first: 1 }))
        .nodes[0],
    ).toMatchObject({ priceMinor: 103 });
  });

  test('a product whose units are all reserved is not in stock', async () => {
    const category = await newCategory();
    const input = { category, initialStock: 2, name: `Anvil ${uuidv7()}` };
    const [free, reserved] = [await newProduct(input), await newProduct(input)];
    const lines = [
      { productId: free.id, quantity: 1 },
      { productId: reserved.id, quantity: 2 },
    ];
    await database.transact((tx) => reserveStock(tx, [{ orderId: uuidv7(), lines }], now()));
    for (const filter of [{ category }, { category, search: 'anvil' }, { ids: [free.id, reserved.id] }]) {
      expect(await idsOf({ filter: { ...filter, inStock: true } })).toEqual([free.id]);
      expect(await idsOf({ filter: { ...filter, inStock: false } })).toEqual([reserved.id]);
      expect(await (await browse({ filter: { ...filter, inStock: true } })).totalCount()).toBe(1);
    }
  });

  test('rejects cursors of another order or search, and page sizes out of range', async () => {
    const { category } = await twelve();
    const filter = { category };
    const cursor = (await browse({ filter, sort: { field: 'NAME', direction: 'ASC' }, first: 2 })).pageInfo.endCursor;
    await expect(browse({ filter, after: cursor })).rejects.toEqual(badInput);
    await expect(browse({ filter, after: cursor, sort: { field: 'PRICE', direction: 'ASC' } })).rejects.toEqual(
      badInput,
    );
    await expect(browse({ filter, after: cursor, sort: { field: 'NAME', direction: 'DESC' } })).rejects.toEqual(
      badInput,
    );
    const found = (await browse({ filter: { category, search: 'lamp' }, first: 2 })).pageInfo.endCursor;
    await expect(browse({ filter: { category, search: 'chair' }, after: found })).rejects.toEqual(badInput);
    await expect(browse({ first: 1_000 })).rejects.toEqual(badInput);
    await expect(browse({ first: 0 })).rejects.toEqual(badInput);
    await expect(browse({ after: 'nonsense' })).rejects.toEqual(badInput);
    await expect(browse({ sort: { field: 'RELEVANCE', direction: 'ASC' } })).rejects.toEqual(badInput);
    await expect(browse({ filter: { ids: Array(101).fill(uuidv7()) } })).rejects.toEqual(badInput);
  });

  test('a product with the longest possible name has a valid cursor', async () => {
    const category = await newCategory();
    for (const character of ['電', '"', '\\', '😀']) await newProduct({ category, name: `x${character.repeat(99)}` });
    const args = { filter: { category }, sort: { field: 'NAME', direction: 'ASC' } as const };
    expect(new Set(await walk(args, 'forward'))).toHaveProperty('size', 4);
    const first = await browse({ ...args, first: 1 });
    expect((await browse({ ...args, first: 3, after: first.pageInfo.endCursor })).nodes).toHaveLength(3);
    const last = await browse({ ...args, last: 1 });
    expect((await browse({ ...args, last: 3, before: last.pageInfo.startCursor })).nodes).toHaveLength(3);
  });
});

describe('search', () => {
  let category: string;
  const products: Record<string, Product> = {};
  beforeAll(async () => {
    category = await newCategory();
    const put = async (key: string, input: object) => (products[key] = await newProduct({ category, ...input }));
    await put('case', { name: 'Leather case', description: 'Protects smartphones from falls.' });
    await put('phone', {
      name: 'Smartphone Aurora 12',
      sku: 'AUR-12.BLK',
      description: 'A telephone with a bright screen',
    });
    await put('watch', { name: 'Smart watch', description: "A women's watch" });
    await put('lamp', { name: 'Büro lamp 電話', description: 'It does not ring.' });
  });
  const find = async (search: string) => {
    const ids = await idsOf({ filter: { category, search } });
    return ids.map((id) => Object.keys(products).find((key) => products[key]?.id === id));
  };

  test.each([
    ['smartphone', ['phone', 'case']],
    ['smartphones', ['phone', 'case']],
    ['SMARTPHONE aurora', ['phone']],
    ['aur', ['phone']],
    ['aur-12', ['phone']],
    ['AUR-12.BLK', ['phone']],
    ['smartfone', ['phone', 'case']],
    ['smratphone', ['phone', 'case']],
    ['lether', ['case']],
    ['the phone with a brightt screen', []],
    ['telephone with the bright scr', ['phone']],
    ['womens', ['watch']],
    ["women's", ['watch']],
    ['büro', ['lamp']],
    ['電話', ['lamp']],
    ['nothingofthesort', []],
    ['smartphone -aurora', ['phone']],
    ['buro', ['lamp']],
    ['話', ['lamp']],
    ['ur-12.bl', ['phone']],
    ['r12b', ['phone']],
  ])('for %j finds %j', async (text, keys) => {
    expect(await find(text)).toEqual(keys);
  });

  test('treats hostile texts as data', async () => {
    for (const search of [
      "'",
      '"',
      `'; DROP TABLE products; --`,
      '\\',
      'a\0b',
      '\ud800',
      '📱📱',
      '!!!',
      '&|!():*<->',
      '%_%',
      '$1',
      'x'.repeat(10_240),
      '(('.repeat(5_000),
      'a '.repeat(5_000),
    ]) {
      for (const sort of [null, { field: 'NAME', direction: 'ASC' } as const]) {
        const page = await browse({ filter: { category, search }, sort });
        expect(page.nodes).toHaveLength(0);
        expect(await page.totalCount()).toBe(0);
      }
    }
  });

  test('with an empty text lists all products', async () => {
    for (const search of ['', '  ', null]) expect(await find(search as string)).toHaveLength(4);
  });

  test('counts and pages a misspelt word like the correct one', async () => {
    const filter = { category, search: 'smartfone' };
    const page = await browse({ filter, first: 1 });
    expect(await page.totalCount()).toBe(2);
    expect(await idsOf({ filter, first: 1, after: page.pageInfo.endCursor })).toEqual([products['case']?.id]);
  });
});

test('low stock is listed in pages, fewest first', async () => {
  const ids: string[] = [];
  for (const initialStock of [3, 0, 2, 1]) ids.push((await newProduct({ initialStock })).id);
  const gone = await newProduct({ initialStock: 0 });
  await deleteProduct(deps(), gone.id);
  const seen: string[] = [];
  for (let after: string | null | undefined; ;) {
    const page = await listLowStock(deps(), { threshold: 2, first: 2, after });
    seen.push(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen.filter((id) => ids.includes(id))).toEqual([ids[1], ids[3], ids[2]]);
  expect(seen).not.toContain(gone.id);
  const lowStock = await listLowStock(deps(), { threshold: 2 });
  expect(await lowStock.totalCount()).toBe(seen.length);
  expect(await lowStock.cappedCount()).toEqual({ count: seen.length, isCapped: false });
});
