import { jest } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { fingerprint, uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import type { EmailState } from '../domain/email-state.ts';
import { placeOrder } from './place-order.ts';
import { makeProduct } from '../../test/make-product.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();
const deps = (rest: object = {}) => ({ database, now, askForProducts: async () => [], orderLimits: {}, ...rest });

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const address = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
async function known(rest: Parameters<typeof makeProduct>[0] = {}) {
  const product = makeProduct(rest);
  await saveCatalogueProducts(database.client, [product], now());
  return product;
}
const inputOf = (productId: string, rest: object = {}) => ({
  items: [{ productId, quantity: 2 }],
  shippingAddress: address,
  idempotencyKey: uuidv7(),
  ...rest,
});
const idOf = (outcome: Awaited<ReturnType<typeof placeOrder>>) => {
  if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
  return outcome.order.id;
};
/** Returns the statements that `work` sends to PostgreSQL. */
async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  await work();
  const texts = spy.mock.calls.map(([query]: unknown[]) =>
    typeof query === 'string' ? query : (query as { text: string }).text,
  );
  spy.mockRestore();
  return texts;
}

describe('the statements of placing orders', () => {
  test('a single order takes one read and one write', async () => {
    const { productId } = await known();
    const sent = await statements(() => placeOrder(deps(), inputOf(productId), uuidv7()));
    expect(sent).toHaveLength(2);
    expect(sent[0]).toContain('FROM catalogue_products');
    expect(sent[1]).toContain('INSERT INTO orders');
  });

  test('concurrent orders share their statements', async () => {
    const { productId } = await known();
    const customers = Array.from({ length: 128 }, () => uuidv7());
    const sent = await statements(async () => {
      const outcomes = await Promise.all(
        customers.map((customerId) => placeOrder(deps(), inputOf(productId), customerId)),
      );
      expect(new Set(outcomes.map(idOf)).size).toBe(128);
    });
    expect(sent.length).toBeLessThanOrEqual(12);
    expect(await database.client.order.count({ where: { customerId: { in: customers } } })).toBe(128);
  });
});

describe('where a verified e-mail is required', () => {
  const asked: string[] = [];
  const answering = (state: EmailState) =>
    deps({ askForEmail: async (customerId: string) => (asked.push(customerId), state) });

  test('only an account with one may order, and a refusal stores nothing', async () => {
    const { productId } = await known();
    const customerId = uuidv7();
    const input = inputOf(productId);
    for (const [state, kind] of [
      ['not-verified', 'email-not-verified'],
      ['no-account', 'no-account'],
      ['unknown', 'email-unknown'],
    ] as const)
      expect(await placeOrder(answering(state), input, customerId)).toEqual({ kind });
    expect(await database.client.order.count({ where: { customerId } })).toBe(0);
    expect(
      await database.client.outbox.count({ where: { payload: { path: ['data', 'customerId'], equals: customerId } } }),
    ).toBe(0);
    // The key is free: the same request succeeds later.
    expect(await placeOrder(answering('verified'), input, customerId)).toMatchObject({ kind: 'placed' });
    expect(asked).toEqual(Array(4).fill(customerId));
  });

  test('a repeated request returns its order, whatever the account is by then', async () => {
    const { productId } = await known();
    const customerId = uuidv7();
    const input = inputOf(productId);
    const id = idOf(await placeOrder(answering('verified'), input, customerId));
    for (const state of ['not-verified', 'no-account', 'unknown'] as const)
      expect(idOf(await placeOrder(answering(state), input, customerId))).toBe(id);
  });

  test('an order that is refused anyway asks for no account', async () => {
    asked.length = 0;
    const refused = await placeOrder(answering('not-verified'), inputOf(uuidv7()), uuidv7());
    expect(refused).toMatchObject({ kind: 'product-unavailable' });
    expect(asked).toEqual([]);
  });
});

describe('a key that was used before', () => {
  test('returns the first order before any refusal, even if the product is gone', async () => {
    const product = await known();
    const customerId = uuidv7();
    const input = inputOf(product.productId, { expectedTotal: 500 });
    const first = idOf(await placeOrder(deps(), input, customerId));
    await saveCatalogueProducts(database.client, [{ ...product, onSale: false, version: 2 }], now());
    expect(idOf(await placeOrder(deps(), input, customerId))).toBe(first);
    expect(await placeOrder(deps(), { ...input, expectedTotal: 1 }, customerId)).toEqual({
      kind: 'idempotency-conflict',
    });
    const tooMany = {
      ...input,
      items: [
        { productId: product.productId, quantity: 600 },
        { productId: product.productId, quantity: 600 },
      ],
    };
    expect(await placeOrder(deps(), tooMany, customerId)).toEqual({ kind: 'idempotency-conflict' });
    expect(await placeOrder(deps(), { ...input, idempotencyKey: uuidv7() }, customerId)).toMatchObject({
      kind: 'product-unavailable',
    });
  });

  test('gives 200 concurrent requests the whole first order, and another customer their own order', async () => {
    const { productId } = await known();
    const input = inputOf(productId);
    const [customer, other] = [uuidv7(), uuidv7()];
    const [outcomes, theirs] = await Promise.all([
      Promise.all(Array.from({ length: 200 }, () => placeOrder(deps(), input, customer))),
      Promise.all(Array.from({ length: 50 }, () => placeOrder(deps(), input, other))),
    ]);
    expect(
      new Set(
        outcomes.map((outcome) =>
          JSON.stringify(outcome, Object.keys(outcome.kind === 'placed' ? outcome.order : {}).sort()),
        ),
      ).size,
    ).toBe(1);
    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    expect(new Set(theirs.map(idOf)).size).toBe(1);
    expect(idOf(outcomes[0]!)).not.toBe(idOf(theirs[0]!));
    for (const id of [outcomes[0]!, theirs[0]!].map(idOf)) {
      expect(await database.client.orderItem.count({ where: { orderId: id } })).toBe(1);
      expect(await database.client.orderEvent.count({ where: { orderId: id } })).toBe(1);
      expect(await database.client.outbox.count({ where: { aggregateId: id } })).toBe(1);
    }
  });

  test('places one of several concurrent inputs, and the others conflict', async () => {
    const { productId } = await known();
    const [customerId, idempotencyKey] = [uuidv7(), uuidv7()];
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        placeOrder(
          deps(),
          inputOf(productId, { idempotencyKey, items: [{ productId, quantity: 1 + (index % 3) }] }),
          customerId,
        ),
      ),
    );
    const placed = outcomes.filter(({ kind }) => kind === 'placed');
    expect(placed).toHaveLength(20);
    expect(new Set(placed.map(idOf)).size).toBe(1);
    expect(outcomes.filter(({ kind }) => kind === 'idempotency-conflict')).toHaveLength(40);
  });

  test('a retry after a lost answer finds its order, even in another process', async () => {
    const { productId } = await known();
    const [customerId, input] = [uuidv7(), inputOf(productId)];
    const shared = {
      ...database.shared,
      insertOrder: async (...args: Parameters<typeof database.shared.insertOrder>) => {
        await database.shared.insertOrder(...args);
        throw new Error('the process ended');
      },
    };
    await expect(placeOrder(deps({ database: { ...database, shared } }), input, customerId)).rejects.toThrow(
      'the process ended',
    );
    const restarted = openDatabase(server.url);
    try {
      const first = idOf(await placeOrder(deps({ database: restarted }), input, customerId));
      expect(await database.client.order.findMany({ where: { customerId }, select: { id: true } })).toEqual([
        { id: first },
      ]);
    } finally {
      await restarted.close();
    }
  });

  test('a request that failed succeeds with the same key after the product becomes available', async () => {
    const productId = uuidv7();
    const [customerId, input] = [uuidv7(), inputOf(productId)];
    expect(await placeOrder(deps(), input, customerId)).toEqual({ kind: 'product-unavailable', productId });
    await known({ productId });
    expect(await placeOrder(deps(), input, customerId)).toMatchObject({ kind: 'placed' });
  });
});

test('an order that the database rejects does not fail the others of its batch', async () => {
  const { productId } = await known();
  await database.client.$executeRawUnsafe(
    `ALTER TABLE orders ADD CONSTRAINT no_poison CHECK (shipping_address->>'city' <> 'Poison')`,
  );
  const cities = Array.from({ length: 40 }, (_, index) => (index % 10 === 7 ? 'Poison' : 'Springfield'));
  const outcomes = await Promise.allSettled(
    cities.map((city) => placeOrder(deps(), inputOf(productId, { shippingAddress: { ...address, city } }), uuidv7())),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(
    cities.map((city) => (city === 'Poison' ? 'rejected' : 'fulfilled')),
  );
});

test('a name with quotes, emoji, braces and backslashes is stored unchanged', async () => {
  const name = `"{}'\\ \u2028 €😀 $1 ;--`;
  const { productId } = await known({ name, sku: name });
  const id = idOf(await placeOrder(deps(), inputOf(productId, { idempotencyKey: `{"$1"}'\\,` }), uuidv7()));
  expect(await database.client.orderItem.findFirst({ where: { orderId: id } })).toMatchObject({ name, sku: name });
});

test('an unavailable database causes an immediate error, and no request hangs', async () => {
  const away = openDatabase('postgres://shop:shop@127.0.0.1:1/shop');
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, () => placeOrder(deps({ database: away }), inputOf(uuidv7()), uuidv7())),
  );
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  await away.close();
});

describe('one request has one order', () => {
  const nothing = [
    {},
    { billingAddress: null },
    { expectedTotal: null },
    { billingAddress: null, expectedTotal: null },
  ];

  test.each(nothing.flatMap((first) => nothing.map((second) => [first, second] as const)))(
    'an absent member and null are the same: %j, then %j',
    async (first, second) => {
      const [{ productId }, customer] = [await known(), uuidv7()];
      const input = inputOf(productId);
      const placed = await placeOrder(deps(), { ...input, ...first }, customer);
      const again = await placeOrder(deps(), { ...input, ...second }, customer);
      expect(idOf(again)).toBe(idOf(placed));
    },
  );

  test.each([{ billingAddress: { ...address, city: 'Other' } }, { expectedTotal: 500 }])(
    '%j is another request',
    async (other) => {
      const [{ productId }, customer] = [await known(), uuidv7()];
      const input = inputOf(productId);
      await placeOrder(deps(), input, customer);
      expect(await placeOrder(deps(), { ...input, ...other }, customer)).toEqual({ kind: 'idempotency-conflict' });
    },
  );

  test('requests that the release before told apart by null still find their order', async () => {
    const [{ productId }, customer] = [await known(), uuidv7()];
    const input = inputOf(productId);
    const id = idOf(await placeOrder(deps(), input, customer));
    const stored = { recipient: null, state: null, ...address };
    const items = [{ productId, quantity: 2 }];
    for (const nulls of [
      { billingAddress: null },
      { expectedTotal: null },
      { billingAddress: null, expectedTotal: null },
    ]) {
      const print = fingerprint({ items, shippingAddress: stored, ...nulls });
      await database.client.order.update({ where: { id }, data: { fingerprint: print } });
      expect(idOf(await placeOrder(deps(), input, customer))).toBe(id);
    }
  });
});
