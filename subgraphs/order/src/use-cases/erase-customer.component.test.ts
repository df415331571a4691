import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { anonymous, type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { rowAndReplay } from '../../test/replayed.ts';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import { lockOrderFor } from '../db/order-changes.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { isPlacedBy } from '../domain/order.ts';
import { cancelOrder } from './cancel-order.ts';
import { eraseCustomer } from './erase-customer.ts';
import { createOrderPageLoader } from './list-orders.ts';
import { placeOrder } from './place-order.ts';
import { settleReservations } from './settle-reservations.ts';

let server: TestDatabase;
let database: Database;
const now = () => new Date();
const dependencies = () => ({
  database,
  now,
  payments: createSimulatedProvider(database),
  askForProducts: async () => [],
  orderLimits: {},
});
const productId = uuidv7();
beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  const product = {
    productId,
    sku: 'MUG',
    name: 'Mug',
    priceMinor: 250,
    currencyCode: 'USD',
    onSale: true,
    version: 1,
  };
  await saveCatalogueProducts(database.client, [product], now());
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const address = {
  recipient: 'Ada Trace',
  street: '1 Trace Street',
  city: 'Tracetown',
  state: 'Traceland',
  postalCode: 'TRACE',
  country: 'US',
};
const viewer = (userId: string, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});
const inputOf = () => ({
  items: [{ productId, quantity: 2 }],
  shippingAddress: address,
  billingAddress: { ...address, country: 'CA' },
  idempotencyKey: `trace ${uuidv7()}`,
});
const place = (customerId: string) => placeOrder(dependencies(), inputOf(), customerId);
async function placed(customerId: string) {
  const outcome = await place(customerId);
  if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
  return outcome.order;
}
const erase = (userId: string) => database.transact((tx) => eraseCustomer(tx, userId, now()));
const load = (id: string) =>
  database.client.order.findUniqueOrThrow({
    where: { id },
    include: { history: { orderBy: { sequence: 'asc' } }, items: true },
  });
const asText = (value: unknown) =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));

describe('erasing a customer', () => {
  test('keeps orders with lines and totals, and removes all personal data', async () => {
    const customerId = uuidv7();
    const order = await placed(customerId);
    await cancelOrder(dependencies(), { orderId: order.id, reason: 'trace: I moved' }, viewer(customerId));
    const before = await load(order.id);
    await erase(customerId);
    const after = await load(order.id);
    const gone = { recipient: null, street: '', city: '', state: null, postalCode: '' };
    expect(after).toMatchObject({
      number: before.number,
      status: 'CANCELLED',
      totalMinor: 500n,
      version: 2,
      items: before.items,
      placedAt: before.placedAt,
      customerId: null,
      statusReason: null,
      shippingAddress: { ...gone, country: 'US' },
      billingAddress: { ...gone, country: 'CA' },
      history: [
        { type: 'PLACED', actorId: null },
        { type: 'CANCELLED', actorId: null, reason: null, toStatus: 'CANCELLED' },
      ],
    });
    expect(asText(after)).not.toMatch(/trace/i);
    expect(asText(after)).not.toContain(customerId);
    expect(after.fingerprint).toBe('');
    const { row, replayed } = rowAndReplay(after);
    expect(replayed).toEqual(row);
  });

  const setStatus = (id: string, status: OrderStatus) =>
    database.client.order.update({
      where: { id },
      data: { status, reservedUntil: status === 'RESERVED' ? now() : null },
    });
  const gone = { recipient: null, street: '', city: '', state: null, postalCode: '', country: 'US' };

  test.each([
    ['PAID', 'CANCELLED'],
    ['PROCESSING', 'CANCELLED'],
    ['SHIPPED', 'DELIVERED'],
  ] as const)('keeps the address of an order that is %s until it is %s', async (status, final) => {
    const customerId = uuidv7();
    const order = await placed(customerId);
    await setStatus(order.id, status);
    await erase(customerId);
    await erase(customerId);
    expect(await load(order.id)).toMatchObject({
      customerId: null,
      idempotencyKey: '',
      shippingAddress: address,
      billingAddress: { ...gone, country: 'CA' },
    });
    await setStatus(order.id, 'SHIPPED');
    expect(await load(order.id)).toMatchObject({ shippingAddress: address });
    await setStatus(order.id, final);
    const after = await load(order.id);
    expect(after).toMatchObject({ shippingAddress: gone });
    expect(asText(after)).not.toMatch(/trace/i);
  });

  test('keeps the address of a reserved order only while a payment may still pay it', async () => {
    const customerId = uuidv7();
    const [idle, paying] = [await placed(customerId), await placed(customerId)];
    for (const { id } of [idle, paying]) await setStatus(id, 'RESERVED');
    await database.client.payment.create({
      data: {
        id: uuidv7(),
        orderId: paying.id,
        idempotencyKey: 'key',
        fingerprint: '',
        status: 'PENDING',
        amountMinor: 500n,
        currencyCode: 'USD',
        method: 'card',
        chargeUntil: now(),
        dueAt: now(),
        createdAt: now(),
        updatedAt: now(),
      },
    });
    await erase(customerId);
    expect(await load(idle.id)).toMatchObject({ shippingAddress: gone });
    expect(await load(paying.id)).toMatchObject({ shippingAddress: address });
    await setStatus(paying.id, 'EXPIRED');
    expect(await load(paying.id)).toMatchObject({ shippingAddress: gone });
  });

  test('leaves the addresses of customers who have an account, also when their orders are final', async () => {
    const order = await placed(uuidv7());
    await setStatus(order.id, 'DELIVERED');
    expect(await load(order.id)).toMatchObject({ shippingAddress: address });
  });

  test('keeps the texts and actions of other users, and other customers’ orders', async () => {
    const [customer, other, staff] = [uuidv7(), uuidv7(), uuidv7()];
    const [failed, cancelled, strange] = [await placed(customer), await placed(customer), await placed(other)];
    await database.transact((tx) =>
      settleReservations(tx, [{ orderId: failed.id, type: 'FAILED', reason: 'Out of stock.' }], {
        at: now(),
        reservationSeconds: 900,
      }),
    );
    await cancelOrder(dependencies(), { orderId: cancelled.id, reason: 'Fraud' }, viewer(staff, 'order:write'));
    const untouched = await load(strange.id);
    await erase(customer);
    expect(await load(failed.id)).toMatchObject({ statusReason: 'Out of stock.' });
    expect(await load(cancelled.id)).toMatchObject({
      statusReason: 'Fraud',
      history: [{ actorId: null }, { reason: 'Fraud', actorId: staff }],
    });
    expect(await load(strange.id)).toEqual(untouched);
  });

  test('removes staff from the history of orders that they handled', async () => {
    const [customer, staff] = [uuidv7(), uuidv7()];
    const order = await placed(customer);
    await cancelOrder(dependencies(), { orderId: order.id, reason: 'Fraud' }, viewer(staff, 'order:write'));
    await erase(staff);
    expect(await load(order.id)).toMatchObject({
      customerId: customer,
      statusReason: 'Fraud',
      history: [{ actorId: customer }, { actorId: null, reason: 'Fraud' }],
    });
  });

  test('may be repeated, and accepts a user without orders', async () => {
    const customerId = uuidv7();
    const order = await placed(customerId);
    await erase(customerId);
    const once = await load(order.id);
    await Promise.all([erase(customerId), erase(customerId), erase(uuidv7())]);
    expect(await load(order.id)).toEqual(once);
  });

  test('works for many orders with different idempotency keys', async () => {
    const customerId = uuidv7();
    for (let index = 0; index < 3; index += 1) await placed(customerId);
    await erase(customerId);
    expect(await database.client.order.count({ where: { customerId } })).toBe(0);
  });
});

describe('after the erasure', () => {
  test('an order still changes status, and its events name no customer', async () => {
    const customerId = uuidv7();
    const order = await placed(customerId);
    await erase(customerId);
    await database.transact((tx) =>
      settleReservations(tx, [{ orderId: order.id, type: 'RESERVED', reason: null }], {
        at: now(),
        reservationSeconds: 900,
      }),
    );
    expect(await load(order.id)).toMatchObject({ status: 'RESERVED', customerId: null });
    const event = await database.client.outbox.findFirstOrThrow({
      where: { aggregateId: order.id },
      orderBy: { sequence: 'desc' },
    });
    expect(event.payload).toMatchObject({ data: { customerId: null, status: 'RESERVED' } });
  });

  test('neither an anonymous caller nor the former customer may cancel or list an order', async () => {
    const customerId = uuidv7();
    const order = await placed(customerId);
    await erase(customerId);
    const { history: _history, items: _items, ...row } = await load(order.id);
    expect(isPlacedBy({ ...order, customerId: row.customerId }, null)).toBe(false);
    for (const who of [anonymous, viewer(customerId), viewer(customerId, 'order:write')]) {
      expect(await cancelOrder(dependencies(), { orderId: order.id }, who)).toEqual({
        kind: 'not-found',
        orderId: order.id,
      });
    }
    expect(
      await createOrderPageLoader(dependencies(), viewer(customerId)).load({ customerId, args: {} }),
    ).toMatchObject({ nodes: [] });
    expect(await cancelOrder(dependencies(), { orderId: order.id }, viewer(uuidv7(), 'order:write'))).toMatchObject({
      kind: 'cancelled',
    });
  });

  test('a valid access token of the account cannot place an order', async () => {
    const customerId = uuidv7();
    await erase(customerId);
    expect(await place(customerId)).toEqual({ kind: 'no-account' });
    expect(await database.client.order.count({ where: { customerId } })).toBe(0);
  });

  test('orders that were placed during the erasure are erased too', async () => {
    const customers = Array.from({ length: 20 }, () => uuidv7());
    const outcomes = await Promise.all(
      customers.flatMap((customerId) => {
        const first = place(customerId);
        const erased = first.then(() => erase(customerId));
        return [
          first,
          place(customerId),
          erased,
          first.then(() => place(customerId)),
          erased.then(() => place(customerId)),
        ];
      }),
    );
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(expect.arrayContaining(['placed', 'no-account']));
    expect(await database.client.order.count({ where: { customerId: { in: customers } } })).toBe(0);
    expect(await database.client.orderEvent.count({ where: { actorId: { in: customers } } })).toBe(0);
  });

  test('the erasure waits for a request that has read but not yet written', async () => {
    const customerId = uuidv7();
    const order = await placed(uuidv7());
    let erasure: Promise<void> = Promise.resolve();
    await database.transact(async (tx) => {
      expect(await lockOrderFor(tx, order.id, customerId)).toMatchObject({ id: order.id });
      let isDone = false;
      erasure = erase(customerId).then(() => void (isDone = true));
      // After another transaction on another connection, the erasure still waits.
      while ((await waitingForLocks()) === 0) expect(isDone).toBe(false);
      await tx.order.update({ where: { id: order.id }, data: { customerId } });
    });
    await erasure;
    expect((await load(order.id)).customerId).toBeNull();
  });
});

async function waitingForLocks(): Promise<number> {
  const [row] = await database.client.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM pg_locks
       WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return row?.count ?? 0;
}
