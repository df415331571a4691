import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/service';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { graphql, parse } from 'graphql';
import pg from 'pg';
import { createContextFactory } from '../context.ts';
import { saveCatalogueProduct } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { placeOrder } from '../use-cases/place-order.ts';
import { resolvers } from './index.ts';

let server: TestDatabase;
let database: Database;
const customerId = uuidv7();
const deps = () => ({ database, now: () => new Date(), askForProducts: async () => [] });
const schema = buildSubgraphSchema({ typeDefs: parse(readFileSync('subgraphs/order/schema.graphql', 'utf8')), resolvers: resolvers as never });

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  const products = Array.from({ length: 3 }, () => uuidv7());
  for (const productId of products) {
    const product = { productId, sku: productId, name: 'A', priceMinor: 1, currencyCode: 'USD', onSale: true, version: 1 };
    await saveCatalogueProduct(database.client, product, new Date());
  }
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  for (let index = 0; index < 50; index += 1) {
    const input = { items: products.map((productId) => ({ productId, quantity: 1 })), shippingAddress, idempotencyKey: uuidv7() };
    expect(await placeOrder(deps(), input, customerId)).toMatchObject({ kind: 'placed' });
  }
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

test.each([1, 10, 50])('%i orders with their items take 2 statements', async (first) => {
  const viewer = { userId: customerId, sessionId: uuidv7(), scopes: new Set<string>() };
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  const { data, errors } = await graphql({
    schema,
    source: `query ($them: [_Any!]!, $first: Int) {
      _entities(representations: $them) { ... on User { orders(first: $first) { nodes { total { amount } items { sku product { id } } } } } }
    }`,
    variableValues: { them: [{ __typename: 'User', id: customerId }], first },
    contextValue: createContextFactory(deps())({ viewer }),
  });
  const statements = spy.mock.calls.length;
  spy.mockRestore();
  expect(errors).toBeUndefined();
  const [user] = data?.['_entities'] as { orders: { nodes: { items: object[] }[] } }[];
  expect(user?.orders.nodes).toHaveLength(first);
  expect(user?.orders.nodes.every(({ items }) => items.length === 3)).toBe(true);
  expect(statements).toBe(2);
});
