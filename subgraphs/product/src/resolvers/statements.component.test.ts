import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { jest } from '@jest/globals';
import { anonymous } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { graphql, parse } from 'graphql';
import pg from 'pg';
import { createContext } from '../context.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { createCategory } from '../use-cases/create-category.ts';
import { createProduct } from '../use-cases/create-product.ts';
import { resolvers } from './index.ts';

let server: TestDatabase;
let database: Database;
const productIds: string[] = [];
const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/product/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
  const deps = { database, now: () => new Date() };
  for (let parent = 0; parent < 5; parent += 1) {
    await createCategory(deps, { slug: `p-${parent}`, name: 'Parent' });
    await createCategory(deps, { slug: `c-${parent}`, name: 'Child', parent: `p-${parent}` });
  }
  for (let index = 0; index < 50; index += 1) {
    const input = {
      sku: uuidv7(),
      name: 'A',
      description: '',
      price: { amount: 1, currencyCode: 'USD' },
      category: `c-${index % 5}`,
      initialStock: 3,
    };
    const outcome = await createProduct(deps, input, null);
    if (outcome.kind === 'created') productIds.push(outcome.product.id);
  }
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

/** Returns the answer to an anonymous caller, and the number of statements. */
async function ask<Data>(source: string, variableValues: Record<string, unknown> = {}) {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  try {
    const contextValue = createContext({ database, now: () => new Date() }, { viewer: anonymous });
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    expect(errors).toBeUndefined();
    return { data: data as Data, statements: spy.mock.calls.length };
  } finally {
    spy.mockRestore();
  }
}

test.each([1, 10, 50])('%i products of orders, with category, parent and stock, take 4 statements', async (count) => {
  const { data, statements } = await ask<{ _entities: object[] }>(
    `query ($them: [_Any!]!) { _entities(representations: $them) {
      ... on Product { sku inStock availableQuantity category { slug parent { slug } } }
    } }`,
    { them: productIds.slice(0, count).map((id) => ({ __typename: 'Product', id })) },
  );
  expect(data._entities).toHaveLength(count);
  expect(data._entities[0]).toMatchObject({ inStock: true, category: { slug: 'c-0', parent: { slug: 'p-0' } } });
  // Products, stocks, categories, parents.
  expect(statements).toBe(4);
});

test('a page is counted only on request', async () => {
  expect((await ask('{ products(first: 5) { nodes { id } } }')).statements).toBe(1);
  const counted = await ask('{ products(first: 5) { totalCount } }');
  expect(counted).toMatchObject({ data: { products: { totalCount: 50 } }, statements: 2 });
});

test('the category tree takes one statement for all parents and one for all children', async () => {
  const { data, statements } = await ask<{ categories: object[] }>(
    '{ categories { slug parent { slug } children { slug children { slug } } } }',
  );
  expect(data.categories).toHaveLength(10);
  expect(data.categories[5]).toMatchObject({ slug: 'p-0', parent: null, children: [{ slug: 'c-0', children: [] }] });
  expect(statements).toBe(3);
});

test('a page of products of each category takes one statement for all categories', async () => {
  interface Page {
    readonly nodes: readonly { readonly sku: string }[];
    readonly pageInfo: { readonly endCursor: string };
  }
  const { data, statements } = await ask<{ categories: { slug: string; products: Page }[] }>(
    `{ categories { slug products(first: 2, sort: { field: NAME }) {
      nodes { sku category { slug } } pageInfo { hasNextPage endCursor }
    } } }`,
  );
  expect(statements).toBe(3);
  for (const { slug, products } of data.categories) {
    const shelf = slug.replace('p-', 'c-');
    expect(products).toMatchObject({
      nodes: [{ category: { slug: shelf } }, { category: { slug: shelf } }],
      pageInfo: { hasNextPage: true },
    });
    const after = products.pageInfo.endCursor;
    const next = await ask<{ category: { products: Page & { totalCount: number } } }>(
      `query ($slug: String!, $after: String) { category(slug: $slug) {
        products(first: 100, after: $after, sort: { field: NAME }) { totalCount nodes { sku } }
      } }`,
      { slug, after },
    );
    const skus = [...products.nodes, ...next.data.category.products.nodes].map(({ sku }) => sku);
    expect(new Set(skus).size).toBe(10);
    expect(next.data.category.products.totalCount).toBe(10);
  }
});

test('counts of all categories take one statement, however many aliases ask for them', async () => {
  const aliases = Array.from({ length: 50 }, (_, index) => `a${index}: products(first: 1) { totalCount }`).join(' ');
  const { data, statements } = await ask<{ categories: Record<string, { totalCount: number }>[] }>(
    `{ categories { ${aliases} } }`,
  );
  expect(data.categories.map(({ a49 }) => a49?.totalCount)).toEqual(Array(10).fill(10));
  // Categories, pages, counts.
  expect(statements).toBe(3);
});

test('aliases of the same list read and count it once', async () => {
  const aliases = Array.from(
    { length: 50 },
    (_, index) => `a${index}: products(first: 2, filter: { search: "misspelt" }) { totalCount nodes { sku } }`,
  );
  // The first search of a process also asks for the size of the catalogue.
  await ask(`{ ${aliases[1]} }`);
  const one = await ask(`{ ${aliases[0]} }`);
  const many = await ask<Record<string, unknown>>(
    `{ ${aliases.join(' ')} other: products(first: 2) { nodes { sku } } }`,
  );
  expect(many.statements).toBe(one.statements + 1);
  expect(Object.keys(many.data)).toHaveLength(51);
});

test('availability takes two statements for any number of lines', async () => {
  const [a, b] = productIds;
  const items = [
    { productId: a, quantity: 3 },
    { productId: b, quantity: 2 },
    { productId: b, quantity: 2 },
    { productId: uuidv7(), quantity: 1 },
    { productId: 'nonsense', quantity: 1 },
  ];
  const { data, statements } = await ask<{
    availability: { ok: boolean; available: number; product: { id: string } | null }[];
  }>(
    'query ($items: [AvailabilityInput!]!) { availability(items: $items) { ok available requested product { id } } }',
    { items },
  );
  expect(data.availability.map(({ ok, available, product }) => [ok, available, product?.id ?? null])).toEqual([
    [true, 3, a],
    [false, 3, b],
    [false, 3, b],
    [false, 0, null],
    [false, 0, null],
  ]);
  expect(statements).toBe(2);
});

test.each([
  [[]],
  [Array(101).fill({ productId: '', quantity: 1 })],
  [[{ productId: '', quantity: 0 }]],
  [[{ productId: '', quantity: 1_001 }]],
])('availability rejects invalid lines', async (items) => {
  const contextValue = createContext({ database, now: () => new Date() }, { viewer: anonymous });
  const source = 'query ($items: [AvailabilityInput!]!) { availability(items: $items) { ok } }';
  const { errors } = await graphql({ schema, source, variableValues: { items }, contextValue });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});
