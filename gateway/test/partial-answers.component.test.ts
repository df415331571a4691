import { eventually } from '@shop/testing';
import { testResolvers } from './resolvers.ts';
import { signAccessToken } from './keys.ts';
import { execute, startSystem, type System } from './system.ts';

let system: System;
let authorization: string;
beforeAll(async () => {
  system = await startSystem(testResolvers);
  authorization = `Bearer ${await signAccessToken(system.accessKey)}`;
});
afterAll(() => system.close());

const ask = (query: string) => execute(system.gateway.url, query, { authorization });
const unavailable = (service: string, path: unknown[]) => ({
  message: `The ${service} service is unavailable.`,
  path,
  extensions: { code: 'SERVICE_UNAVAILABLE', service },
});

test('one query reads from all three subgraphs', async () => {
  const { data, errors } = await ask(
    '{ order(id: "7") { items { sku product { name } } customer { email orders { id } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    order: {
      items: [
        { sku: 'A', product: { name: 'Product 1' } },
        { sku: 'B', product: null },
        { sku: 'C', product: { name: 'Product 2' } },
      ],
      customer: { email: 'u1@example.com', orders: [{ id: '1' }] },
    },
  });
});

describe('while the product subgraph is down', () => {
  beforeAll(() => system.stop('product'));
  afterAll(() => system.start('product'));

  test('each product of an order is null, with an error at its path', async () => {
    const { status, data, errors } = await ask(
      '{ order(id: "7") { id lines: items { sku product { id name } } customer { email } } }',
    );
    expect(status).toBe(200);
    expect(data).toEqual({
      order: {
        id: '7',
        lines: [
          { sku: 'A', product: null },
          { sku: 'B', product: null },
          { sku: 'C', product: null },
        ],
        customer: { email: 'u1@example.com' },
      },
    });
    expect(errors).toEqual([
      unavailable('product', ['order', 'lines', 0, 'product']),
      unavailable('product', ['order', 'lines', 2, 'product']),
    ]);
  });

  test('a product keeps its known fields if the missing ones can be null', async () => {
    const { data, errors } = await ask('{ order(id: "7") { items { product { id text: description } } } }');
    expect(data).toEqual({
      order: { items: [{ product: { id: '1', text: null } }, { product: null }, { product: { id: '2', text: null } }] },
    });
    expect(errors?.map((error) => error.path)).toEqual([
      ['order', 'items', 0, 'product', 'text'],
      ['order', 'items', 2, 'product', 'text'],
    ]);
  });

  test('root fields are null under their aliases, and others have their values', async () => {
    const { data, errors } = await ask('{ a: product(id: 1) { id } b: product(id: 2) { name } me { id } }');
    expect(data).toEqual({ a: null, b: null, me: { id: 'u1' } });
    expect(errors).toEqual([unavailable('product', ['a']), unavailable('product', ['b'])]);
  });

  test('data is null if a root field is missing that cannot be null', async () => {
    const { data, errors } = await ask('{ products { id } me { id } }');
    expect(data).toBeNull();
    expect(errors).toEqual([unavailable('product', ['products'])]);
  });
});

describe('while the order subgraph is down', () => {
  beforeAll(() => system.stop('order'));
  afterAll(() => system.start('order'));

  test('its field of a user is null, and the user is not', async () => {
    const { data, errors } = await ask('{ me { name past: orders { id } } }');
    expect(data).toEqual({ me: { name: 'u1', past: null } });
    expect(errors).toEqual([unavailable('order', ['me', 'past'])]);
  });

  test('a mutation reports it', async () => {
    const { data, errors } = await ask('mutation { placed: placeOrder { id } }');
    expect(data).toEqual({ placed: null });
    expect(errors).toEqual([unavailable('order', ['placed'])]);
  });
});

test('a subgraph is used again once it is back', async () => {
  const query = '{ order(id: "7") { items { product { name } } } product(id: 3) { name } }';
  // The gateway's next probe finds the subgraph.
  await eventually(async () => expect((await ask(query)).errors).toBeUndefined());
  expect((await ask(query)).data).toMatchObject({ product: { name: 'Product 3' } });
});

test('the reason of a failed call is logged, and not sent to the client', () => {
  expect(system.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      subgraph: 'product',
      failure: expect.stringContaining('ECONNREFUSED') as unknown,
      requestId: expect.any(String) as unknown,
    }),
  );
});
