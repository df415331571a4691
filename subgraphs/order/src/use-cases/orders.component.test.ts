import { startTestDatabase, type TestDatabase } from '@shop/testing';
import type { OrderableProduct } from '@shop/contracts';
import { anonymous, type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { placeOrder } from './place-order.ts';
import { settleReservations } from './settle-reservations.ts';
import { makeProduct } from '../../test/make-product.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();
const asked: string[][] = [];
/** Products that only the product service has. */
const elsewhere = new Map<string, OrderableProduct>();
const dependencies = () => ({
  database,
  now,
  payments: createSimulatedProvider(database),
  orderLimits: {},
  askForProducts: async (ids: readonly string[]) => {
    asked.push([...ids]);
    return ids.flatMap((id) => elsewhere.get(id) ?? []);
  },
});

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function known(rest: Partial<OrderableProduct> = {}): Promise<string> {
  const product = makeProduct(rest);
  await saveCatalogueProducts(database.client, [product], now());
  return product.productId;
}
const address = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
const inputOf = (productId: string, rest: object = {}) => ({
  items: [{ productId, quantity: 2 }],
  shippingAddress: address,
  idempotencyKey: uuidv7(),
  ...rest,
});
const viewer = (userId: string | null, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});
const eventsOf = async (aggregateId: string) => {
  const rows = await database.client.outbox.findMany({ where: { aggregateId }, orderBy: { sequence: 'asc' } });
  return rows.map(({ type, payload }) => [type, (payload as { data: { status: string } }).data.status]);
};
async function placed(customerId: string = uuidv7()) {
  const outcome = await placeOrder(dependencies(), inputOf(await known()), customerId);
  if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
  return outcome.order;
}
const settle = (orderId: string, type: 'RESERVED' | 'FAILED', reason: string | null = null) =>
  database.transact((tx) =>
    settleReservations(tx, [{ orderId, type, reason }], { at: now(), reservationSeconds: 900 }),
  );
const load = (id: string) =>
  database.client.order.findUniqueOrThrow({
    where: { id },
    include: { history: { orderBy: { sequence: 'asc' } }, items: true },
  });

describe('placing an order', () => {
  test('writes order, lines, history and event together', async () => {
    const customerId = uuidv7();
    const productId = await known({ sku: 'MUG', name: 'Mug', priceMinor: 1999 });
    const outcome = await placeOrder(dependencies(), inputOf(productId, { expectedTotal: 3998 }), customerId);
    expect(outcome).toMatchObject({
      kind: 'placed',
      order: { status: 'PENDING', totalMinor: 3998, currencyCode: 'USD', customerId },
    });
    const row = await load((outcome as { order: { id: string } }).order.id);
    expect(row.items).toMatchObject([{ sku: 'MUG', name: 'Mug', quantity: 2, unitPriceMinor: 1999n }]);
    expect(row.history).toMatchObject([{ type: 'PLACED', fromStatus: null, toStatus: 'PENDING', actorId: customerId }]);
    expect(await eventsOf(row.id)).toEqual([['shop.order.created.v1', 'PENDING']]);
  });

  test('places one order per key, even for 200 concurrent requests', async () => {
    const [customerId, input] = [uuidv7(), inputOf(await known())];
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => placeOrder(dependencies(), input, customerId)),
    );
    const ids = new Set(outcomes.map((outcome) => (outcome.kind === 'placed' ? outcome.order.id : outcome.kind)));
    expect(ids.size).toBe(1);
    expect(await database.client.order.count({ where: { customerId } })).toBe(1);
    const [id] = ids;
    expect(await eventsOf(id as string)).toHaveLength(1);
  });

  test('refuses a used key with another input, and accepts the same key from another customer', async () => {
    const [customerId, input] = [uuidv7(), inputOf(await known())];
    await placeOrder(dependencies(), input, customerId);
    const other = { ...input, items: [{ ...input.items[0], quantity: 3 }] };
    expect(await placeOrder(dependencies(), other, customerId)).toEqual({ kind: 'idempotency-conflict' });
    expect(await placeOrder(dependencies(), other, uuidv7())).toMatchObject({ kind: 'placed' });
  });

  test('returns the first order for a repeated key, even after a price change', async () => {
    const product = makeProduct();
    await saveCatalogueProducts(database.client, [product], now());
    const [customerId, input] = [uuidv7(), inputOf(product.productId, { expectedTotal: 500 })];
    const first = await placeOrder(dependencies(), input, customerId);
    await saveCatalogueProducts(database.client, [{ ...product, priceMinor: 9_999, version: 2 }], now());
    expect(await placeOrder(dependencies(), input, customerId)).toMatchObject({
      kind: 'placed',
      order: { id: (first as { order: { id: string } }).order.id },
    });
    expect(await placeOrder(dependencies(), { ...input, idempotencyKey: uuidv7() }, customerId)).toEqual({
      kind: 'price-changed',
      totalMinor: 19_998,
      currencyCode: 'USD',
    });
  });

  test('does not replace its copy of a product with an older version', async () => {
    const product = makeProduct({ priceMinor: 100, version: 5 });
    await saveCatalogueProducts(database.client, [product], now());
    await saveCatalogueProducts(database.client, [{ ...product, priceMinor: 1, version: 4 }], now());
    expect(await placeOrder(dependencies(), inputOf(product.productId), uuidv7())).toMatchObject({
      order: { totalMinor: 200 },
    });
  });

  test('requests a product that the copy lacks once, and saves it', async () => {
    const product = makeProduct();
    elsewhere.set(product.productId, product);
    asked.length = 0;
    for (let round = 0; round < 2; round += 1) {
      expect(await placeOrder(dependencies(), inputOf(product.productId), uuidv7())).toMatchObject({ kind: 'placed' });
    }
    expect(asked).toEqual([[product.productId]]);
  });

  test('refuses a product that is unknown or off sale, and writes nothing', async () => {
    const [customerId, unknown] = [uuidv7(), uuidv7()];
    const offSale = await known({ onSale: false });
    expect(await placeOrder(dependencies(), inputOf(unknown), customerId)).toEqual({
      kind: 'product-unavailable',
      productId: unknown,
    });
    expect(await placeOrder(dependencies(), inputOf(offSale), customerId)).toEqual({
      kind: 'product-unavailable',
      productId: offSale,
    });
    expect(await database.client.order.count({ where: { customerId } })).toBe(0);
  });

  test.each([
    ['no lines', { items: [] }, 'items'],
    ['a quantity of zero', { items: [{ productId: uuidv7(), quantity: 0 }] }, 'items.0.quantity'],
    ['an invalid product id', { items: [{ productId: 'x', quantity: 1 }] }, 'items.0.productId'],
    ['101 lines', { items: Array.from({ length: 101 }, () => ({ productId: uuidv7(), quantity: 1 })) }, 'items'],
    ['an unknown country', { shippingAddress: { ...address, country: 'usa' } }, 'shippingAddress.country'],
    ['NUL in an address', { shippingAddress: { ...address, city: 'a\0b' } }, 'shippingAddress.city'],
    ['half a surrogate pair', { shippingAddress: { ...address, street: 'a\ud800' } }, 'shippingAddress.street'],
    ['an empty key', { idempotencyKey: ' ' }, 'idempotencyKey'],
  ])('refuses %s with its path', async (_what, wrong, path) => {
    const outcome = await placeOrder(dependencies(), { ...inputOf(uuidv7()), ...wrong }, uuidv7());
    expect(outcome).toMatchObject({ kind: 'invalid-input', issues: [{ path }] });
  });

  test('merges lines with the same product, and refuses a sum that is too large', async () => {
    const productId = await known();
    const twice = (quantity: number) =>
      inputOf(productId, {
        items: [
          { productId, quantity },
          { productId: productId.toUpperCase(), quantity },
        ],
      });
    expect(await placeOrder(dependencies(), twice(2), uuidv7())).toMatchObject({
      kind: 'placed',
      order: { totalMinor: 1_000 },
    });
    expect(await placeOrder(dependencies(), twice(501), uuidv7())).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'items' }],
    });
  });

  test('refuses two currencies', async () => {
    const items = [
      { productId: await known(), quantity: 1 },
      { productId: await known({ currencyCode: 'EUR' }), quantity: 1 },
    ];
    expect(await placeOrder(dependencies(), { ...inputOf(uuidv7()), items }, uuidv7())).toMatchObject({
      kind: 'invalid-input',
    });
  });
});

describe('settling a reservation', () => {
  test('moves a PENDING order to RESERVED or FAILED once', async () => {
    const [good, bad] = [await placed(), await placed()];
    await Promise.all([settle(good.id, 'RESERVED'), settle(good.id, 'RESERVED')]);
    await settle(bad.id, 'FAILED', 'Out of stock.');
    expect(await load(good.id)).toMatchObject({
      status: 'RESERVED',
      version: 2,
      history: [{}, { type: 'RESERVED', fromStatus: 'PENDING', actorId: null }],
    });
    expect(await load(bad.id)).toMatchObject({ status: 'FAILED', statusReason: 'Out of stock.', version: 2 });
    expect(await eventsOf(good.id)).toEqual([
      ['shop.order.created.v1', 'PENDING'],
      ['shop.order.updated.v1', 'RESERVED'],
    ]);
  });

  test('leaves a cancelled order cancelled, and ignores an unknown one', async () => {
    const order = await placed();
    await cancelOrder(dependencies(), { orderId: order.id }, viewer(order.customerId));
    await settle(order.id, 'RESERVED');
    await settle(uuidv7(), 'RESERVED');
    expect(await load(order.id)).toMatchObject({ status: 'CANCELLED', version: 2 });
  });
});

describe('cancelling an order', () => {
  test('succeeds once for concurrent requests', async () => {
    const order = await placed();
    const outcomes = await Promise.all(
      [1, 2, 3].map(() =>
        cancelOrder(dependencies(), { orderId: order.id, reason: ' changed my mind ' }, viewer(order.customerId)),
      ),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['cancelled', 'invalid-transition', 'invalid-transition']);
    expect(await load(order.id)).toMatchObject({ status: 'CANCELLED', statusReason: 'changed my mind', version: 2 });
    expect((await eventsOf(order.id)).at(-1)).toEqual(['shop.order.cancelled.v1', 'CANCELLED']);
  });

  test('is allowed only for its customer and for staff with order:write', async () => {
    const order = await placed();
    const stranger = await cancelOrder(dependencies(), { orderId: order.id }, viewer(uuidv7(), 'order:read'));
    const nobody = await cancelOrder(dependencies(), { orderId: order.id }, anonymous);
    const missing = await cancelOrder(dependencies(), { orderId: uuidv7() }, viewer(order.customerId));
    expect([stranger.kind, nobody.kind, missing.kind]).toEqual(['not-found', 'not-found', 'not-found']);
    expect(await cancelOrder(dependencies(), { orderId: order.id }, viewer(uuidv7(), 'order:write'))).toMatchObject({
      kind: 'cancelled',
    });
  });

  test('is refused for a failed order', async () => {
    const order = await placed();
    await settle(order.id, 'FAILED', 'Out of stock.');
    expect(await cancelOrder(dependencies(), { orderId: order.id }, viewer(order.customerId))).toEqual({
      kind: 'invalid-transition',
      from: 'FAILED',
    });
  });
});
