import { jest } from '@jest/globals';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { rowAndReplay } from '../../test/replayed.ts';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { changeOrders, lockOrder } from '../db/order-changes.ts';
import { takeStep } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { eraseCustomer } from './erase-customer.ts';
import { placeOrder } from './place-order.ts';
import { settleReservations } from './settle-reservations.ts';
import { updateOrderStatus } from './update-order-status.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();
const deps = () => ({
  database,
  now,
  askForProducts: async () => [],
  orderLimits: {},
  payments: createSimulatedProvider(database),
});
const productId = uuidv7();
const staff = uuidv7();

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  await saveCatalogueProducts(
    database.client,
    [{ productId, sku: 'A', name: 'A', priceMinor: 1, currencyCode: 'USD', onSale: true, version: 1 }],
    now(),
  );
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const viewer = (userId: string, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});
const load = (id: string) =>
  database.client.order.findUniqueOrThrow({ where: { id }, include: { history: { orderBy: { sequence: 'asc' } } } });
const move = (orderId: string, status: OrderStatus, rest: object = {}) =>
  updateOrderStatus(deps(), { orderId, status, ...rest }, staff);

async function placed(customerId = uuidv7()) {
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  const outcome = await placeOrder(
    deps(),
    { items: [{ productId, quantity: 1 }], shippingAddress, idempotencyKey: uuidv7() },
    customerId,
  );
  if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
  return { id: outcome.order.id, customerId };
}
/** Creates a paid order. */
async function paid() {
  const order = await placed();
  await database.transact(async (tx) => {
    await settleReservations(tx, [{ orderId: order.id, type: 'RESERVED', reason: null }], {
      at: now(),
      reservationSeconds: 900,
    });
    const row = await lockOrder(tx, order.id);
    const step = row && takeStep(row, { type: 'PAID', reason: null, actorId: order.customerId, at: now() });
    await changeOrders(tx, [step!], []);
  });
  return order;
}

describe('staff', () => {
  test('move a paid order through all steps, with tracking number, notes and events', async () => {
    const { id } = await paid();
    expect(await move(id, 'PROCESSING', { note: ' gift wrap ' })).toMatchObject({
      kind: 'updated',
      order: { status: 'PROCESSING' },
    });
    expect(await move(id, 'SHIPPED', { trackingNumber: ' 1Z 999 ', note: '' })).toMatchObject({
      kind: 'updated',
      order: { trackingNumber: '1Z 999' },
    });
    expect(await move(id, 'DELIVERED')).toMatchObject({
      kind: 'updated',
      order: { status: 'DELIVERED', trackingNumber: '1Z 999' },
    });
    expect(await load(id)).toMatchObject({
      status: 'DELIVERED',
      statusReason: null,
      trackingNumber: '1Z 999',
      version: 6,
      history: [
        {},
        {},
        {},
        { type: 'PROCESSING', reason: 'gift wrap', actorId: staff, details: null },
        {
          type: 'SHIPPED',
          fromStatus: 'PROCESSING',
          toStatus: 'SHIPPED',
          reason: null,
          details: { trackingNumber: '1Z 999' },
        },
        { type: 'DELIVERED', actorId: staff },
      ],
    });
    const { row, replayed } = rowAndReplay(await load(id));
    expect(replayed).toEqual(row);
    const events = await database.client.outbox.findMany({
      where: { aggregateId: id, type: 'shop.order.updated.v1' },
      orderBy: { sequence: 'asc' },
    });
    expect(events.map(({ payload }) => (payload as { data: object }).data)).toMatchObject([
      { status: 'RESERVED' },
      { status: 'PROCESSING', statusBefore: 'PAID' },
      { status: 'SHIPPED', lines: [{ productId, quantity: 1 }] },
      { status: 'DELIVERED' },
    ]);
  });

  test('cannot make any other transition', async () => {
    const { id } = await placed();
    const refused = (to: OrderStatus, from: OrderStatus) => ({ kind: 'invalid-transition', from, to });
    for (const to of [
      'PENDING',
      'RESERVED',
      'PAID',
      'PROCESSING',
      'SHIPPED',
      'DELIVERED',
      'FAILED',
      'CANCELLED',
      'EXPIRED',
    ] as const) {
      expect(await move(id, to)).toEqual(refused(to, 'PENDING'));
    }
    const other = await paid();
    expect(await move(other.id, 'SHIPPED')).toEqual(refused('SHIPPED', 'PAID'));
    expect(await move(other.id, 'CANCELLED')).toEqual(refused('CANCELLED', 'PAID'));
    expect((await load(other.id)).version).toBe(3);
  });

  test.each([
    ['a tracking number without shipping', 'PROCESSING', { trackingNumber: '1Z' }, 'trackingNumber'],
    ['a tracking number of 101 characters', 'SHIPPED', { trackingNumber: 'x'.repeat(101) }, 'trackingNumber'],
    ['a tracking number of two lines', 'SHIPPED', { trackingNumber: 'a\nb' }, 'trackingNumber'],
    ['a note of 501 characters', 'PROCESSING', { note: 'x'.repeat(501) }, 'note'],
    ['NUL in a note', 'PROCESSING', { note: 'a\0b' }, 'note'],
  ] as const)('are refused %s', async (_what, status, rest, path) => {
    expect(await move(uuidv7(), status, rest)).toMatchObject({ kind: 'invalid-input', issues: [{ path }] });
  });

  test('find no order that does not exist, and none after their account is deleted', async () => {
    const { id } = await paid();
    for (const orderId of [uuidv7(), 'x', ''])
      expect(await move(orderId, 'PROCESSING')).toEqual({ kind: 'not-found', orderId });
    const gone = uuidv7();
    await database.transact((tx) => eraseCustomer(tx, gone, now()));
    expect(await updateOrderStatus(deps(), { orderId: id, status: 'PROCESSING' }, gone)).toEqual({
      kind: 'not-found',
      orderId: id,
    });
    expect(await move(id.toUpperCase(), 'PROCESSING')).toMatchObject({ kind: 'updated' });
  });
});

test('a status change and a cancellation take two statements in a transaction', async () => {
  const [one, two] = [await paid(), await placed()];
  for (const work of [
    () => move(one.id, 'PROCESSING'),
    () => cancelOrder(deps(), { orderId: two.id }, viewer(two.customerId)),
  ]) {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    await work();
    const sent = spy.mock.calls.map(
      ([query]: unknown[]) =>
        (typeof query === 'string' ? query : (query as { text: string }).text).trim().split(/\s/)[0],
    );
    spy.mockRestore();
    expect(sent.filter((word) => !['BEGIN', 'COMMIT'].includes(word ?? ''))).toHaveLength(2);
    expect(sent).toHaveLength(4);
  }
});

test('exactly one of 20 concurrent commands on one order succeeds in each round', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id, customerId } = await placed();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => cancelOrder(deps(), { orderId: id }, viewer(customerId))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'cancelled')).toHaveLength(1);

    const { id: shipping } = await paid();
    await move(shipping, 'PROCESSING');
    const mixed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2
          ? cancelOrder(deps(), { orderId: shipping }, viewer(staff, 'order:write'))
          : move(shipping, 'SHIPPED'),
      ),
    );
    expect(mixed.filter(({ kind }) => kind === 'cancelled' || kind === 'updated')).toHaveLength(1);
    const row = await load(shipping);
    expect(row.version).toBe(5);
    expect(row.history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(row.history.at(-1)?.toStatus).toBe(row.status);
  }
});
