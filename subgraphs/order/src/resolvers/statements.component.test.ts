import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { graphql, parse } from 'graphql';
import pg from 'pg';
import { createContext } from '../context.ts';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import { placeOrder } from '../use-cases/place-order.ts';
import { resolvers } from './index.ts';

let server: TestDatabase;
let database: Database;
const customerId = uuidv7();
const products = Array.from({ length: 3 }, () => uuidv7());
const deps = () => ({
  database,
  now: () => new Date(),
  payments: createSimulatedProvider(database),
  askForProducts: async () => [],
  orderLimits: {},
});
const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/order/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  for (const productId of products) {
    const product = {
      productId,
      sku: productId,
      name: 'A',
      priceMinor: 1,
      currencyCode: 'USD',
      onSale: true,
      version: 1,
    };
    await saveCatalogueProducts(database.client, [product], new Date());
  }
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  for (let index = 0; index < 50; index += 1) {
    const input = {
      items: products.map((productId) => ({ productId, quantity: 1 })),
      shippingAddress,
      idempotencyKey: uuidv7(),
    };
    expect(await placeOrder(deps(), input, customerId)).toMatchObject({ kind: 'placed' });
  }
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const order = '{ total { amount } items { sku product { id } } history { type } payments { id } customer { id } }';

/** Runs the query, and returns the data and the number of statements. */
async function ask<Data>(source: string, variableValues: Record<string, unknown>, scopes: string[] = []) {
  const viewer = { userId: customerId, sessionId: uuidv7(), scopes: new Set(scopes) };
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  const { data, errors } = await graphql({
    schema,
    source,
    variableValues,
    contextValue: createContext(deps(), { viewer }),
  });
  const statements = spy.mock.calls.length;
  spy.mockRestore();
  expect(errors).toBeUndefined();
  return { data: data as Data, statements };
}

test.each([1, 10, 50])('%i orders with their items, histories and payments take 4 statements', async (first) => {
  const source = `query ($them: [_Any!]!, $first: Int) {
    _entities(representations: $them) { ... on User { orders(first: $first) { nodes ${order} } } }
  }`;
  const { data, statements } = await ask<{
    _entities: { orders: { nodes: { items: object[]; history: object[] }[] } }[];
  }>(source, { them: [{ __typename: 'User', id: customerId }], first });
  const nodes = data._entities[0]?.orders.nodes ?? [];
  expect(nodes).toHaveLength(first);
  expect(nodes.every(({ items, history }) => items.length === 3 && history.length === 1)).toBe(true);
  expect(statements).toBe(4);
});

test.each([1, 10, 50])(
  '%i orders of all customers also take 4 statements, and their count takes one more',
  async (first) => {
    const list = (fields: string) =>
      ask<{ orders: { nodes: object[] } }>(
        `query ($first: Int) { orders(first: $first, filter: { status: [PENDING] }) { ${fields} } }`,
        { first },
        ['order:read'],
      );
    const { data, statements } = await list(`nodes ${order}`);
    expect(data.orders.nodes).toHaveLength(first);
    expect(statements).toBe(4);
    expect(await list(`nodes ${order} totalCount`)).toMatchObject({
      data: { orders: { totalCount: 50 } },
      statements: 5,
    });
  },
);

test('orders of 30 users with their counts take two statements', async () => {
  const users = [customerId, ...Array.from({ length: 29 }, () => uuidv7())].map((id) => ({ __typename: 'User', id }));
  const source =
    'query ($them: [_Any!]!) { _entities(representations: $them) { ... on User { orders(first: 5) { totalCount nodes { id } } } } }';
  const { data, statements } = await ask<{ _entities: { orders: { totalCount: number } }[] }>(source, { them: users }, [
    'order:read',
  ]);
  expect(data._entities.map(({ orders }) => orders.totalCount)).toEqual([50, ...Array.from({ length: 29 }, () => 0)]);
  expect(statements).toBe(2);
});

test('placeOrder returns the order with its items without another statement', async () => {
  const input = {
    items: [{ productId: products[0], quantity: 2 }],
    idempotencyKey: uuidv7(),
    shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
  };
  const { data, statements } = await ask<{ placeOrder: { order: { items: object[] } } }>(
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on PlaceOrderSuccess { order { items { quantity } } } } }',
    { input },
  );
  expect(data.placeOrder.order.items).toEqual([{ quantity: 2 }]);
  expect(statements).toBe(2);
});
