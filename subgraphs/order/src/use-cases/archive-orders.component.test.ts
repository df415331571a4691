import { sqlOver, uuidv7 } from '@shop/subgraph';
import { recordQueryPlans } from '@shop/testing';
import { startPaymentsWorld, viewer, type PaymentsWorld } from '../../test/payments-world.ts';
import { archiveOrders, pauseArchiving, restoreOrders } from '../db/archive.ts';
import { createHistoryLoader, createLineLoader, createOrderLoader, createPaymentLoader } from '../db/loaders.ts';
import { findOrderById } from '../db/orders.ts';
import { orderWasCreated } from '../events/outgoing.ts';
import { archiveOldOrders } from './archive-orders.ts';
import { cancelOrder } from './cancel-order.ts';
import { eraseCustomer } from './erase-customer.ts';
import { createOrderPageLoader, listOrders, type ListOrders } from './list-orders.ts';
import { placeOrder } from './place-order.ts';
import { refundOrder } from './refund-order.ts';
import { updateOrderStatus } from './update-order-status.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
}, 300_000);
afterAll(() => world?.stop());
// The tests count all orders.
beforeEach(async () => {
  const tables = 'orders, order_items, order_events, payments, refunds, archived_orders, archived_order_keys';
  await world.database.client.$executeRawUnsafe(`TRUNCATE ${tables}`);
});

const DAY_MS = 86_400_000;
const staff = viewer(uuidv7(), 'order:read', 'order:write');
const archive = (ageDays = 31) =>
  archiveOldOrders({
    database: world.database,
    archiveAfterDays: 30,
    now: () => new Date(Date.now() + ageDays * DAY_MS),
  });
const query = <Row>(text: string, values: readonly unknown[] = []) =>
  sqlOver(world.database.client).query<Row>(text, values);
const countArchived = async () => (await query<{ n: number }>('SELECT count(*)::int AS n FROM archived_orders'))[0]?.n;

/** A delivered order with a partial refund. */
async function delivered() {
  const order = await world.paid();
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
    const outcome = await updateOrderStatus(
      world.dependencies(),
      { orderId: order.id, status },
      staff.userId as string,
    );
    expect(outcome.kind).toBe('updated');
  }
  const refund = { orderId: order.id, amount: 300, reason: 'Scratched', idempotencyKey: uuidv7() };
  expect(await refundOrder(world.dependencies(), refund, staff)).toMatchObject({ kind: 'accepted' });
  return order;
}

async function cancelled() {
  const order = await world.reserved();
  const cancel = { orderId: order.id, reason: 'Changed my mind' };
  expect(await cancelOrder(world.dependencies(), cancel, viewer(order.customerId))).toMatchObject({
    kind: 'cancelled',
  });
  return order;
}

const TABLES = ['orders', 'order_items', 'order_events', 'payments', 'refunds'];
const readTables = async () => Promise.all(TABLES.map((table) => query(`SELECT * FROM ${table} ORDER BY id`)));

/** Reads orders in all ways in which clients and other services can. */
async function readAll(orders: readonly { id: string; customerId: string }[]) {
  const { database } = world;
  const ids = orders.map(({ id }) => id);
  const list = (args: ListOrders) => listOrders(world.dependencies(), args);
  const ofCustomer = createOrderPageLoader(world.dependencies(), staff);
  const first = await list({ first: 2 });
  const [loaders, connections] = [
    [
      createOrderLoader(database),
      createLineLoader(database),
      createHistoryLoader(database),
      createPaymentLoader(database),
    ],
    [
      first,
      await list({ first: 2, after: first.pageInfo.endCursor }),
      await list({ last: 3 }),
      await list({ filter: { status: ['DELIVERED', 'CANCELLED'] } }),
      await list({ filter: { customerId: orders[0]?.customerId ?? '' } }),
      ...(await Promise.all(orders.map(({ customerId }) => ofCustomer.load({ customerId, args: { first: 5 } })))),
    ],
  ];
  return {
    loaded: await Promise.all(loaders.map((loader) => Promise.all([...ids].map(async (id) => loader.load(id))))),
    found: await Promise.all(ids.map((id) => findOrderById(database.client, id))),
    pages: await Promise.all(
      connections.map(async (connection) => ({
        ...connection,
        edges: connection?.edges(),
        totalCount: await connection?.totalCount(),
        cappedCount: await connection?.cappedCount(),
      })),
    ),
  };
}

test('archived orders are read as before, in lists, counts and by id, with all that belongs to them', async () => {
  const orders = [await delivered(), await cancelled(), await world.reserved(), await world.paid(), await delivered()];
  await query(`UPDATE payments SET charge_until = now() - interval '1 hour'`);
  const before = await readAll(orders);
  expect(await archive()).toBe(false);
  expect(await countArchived()).toBe(3);
  expect(await query('SELECT id FROM orders')).toHaveLength(2);
  expect(await readAll(orders)).toEqual(before);
}, 120_000);

test('an order that comes back has every row that it had', async () => {
  const orders = [await delivered(), await cancelled()];
  const before = await readTables();
  await archive();
  expect((await readTables()).flat()).toEqual([]);
  const restore = () =>
    world.database.transact((tx) =>
      restoreOrders(
        tx,
        orders.map(({ id }) => id),
      ),
    );
  expect(await Promise.all([restore(), restore()])).toEqual(expect.arrayContaining([2, 0]));
  expect(await readTables()).toEqual(before);
  expect(await query('SELECT order_id FROM archived_order_keys')).toEqual([]);
}, 120_000);

test('orders that are young, open, or have a payment or refund under way stay', async () => {
  await world.reserved();
  await world.paid();
  const [refunding, paying] = [await delivered(), await cancelled()];
  await query(`UPDATE refunds SET status = 'PENDING' WHERE order_id = $1::uuid`, [refunding.id]);
  await query(
    `INSERT INTO payments SELECT gen_random_uuid(), $1::uuid, 'key', '', 'PENDING', 1000, 'USD', 0, 'card', NULL, NULL,
       now(), now(), now(), now()`,
    [paying.id],
  );
  await archive();
  expect(await countArchived()).toBe(0);
  await query(`UPDATE refunds SET status = 'SUCCEEDED'`);
  await archive(29);
  expect(await countArchived()).toBe(0);
  await archiveOldOrders({
    database: world.database,
    archiveAfterDays: 0,
    now: () => new Date(Date.now() + 31 * DAY_MS),
  });
  expect(await countArchived()).toBe(0);
  await archive();
  expect(await countArchived()).toBe(1);
}, 120_000);

test('an archived order can be refunded, and its refund is repeated by its key', async () => {
  const { id } = await delivered();
  await archive();
  const refund = { orderId: id, amount: 200, reason: 'Broken', idempotencyKey: uuidv7() };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(await refundOrder(world.dependencies(), refund, staff)).toMatchObject({
      kind: 'accepted',
      payment: { refundedMinor: 500 },
    });
    await archive();
  }
  expect(await refundOrder(world.dependencies(), { ...refund, amount: 501, idempotencyKey: uuidv7() }, staff)).toEqual({
    kind: 'too-large',
    refundableMinor: 500,
    currencyCode: 'USD',
  });
}, 120_000);

test('the key of an archived order still gives that order, and its number stays taken', async () => {
  const customerId = uuidv7();
  const product = (
    await query<{ id: string }>(`SELECT product_id::text AS id FROM catalogue_products WHERE sku = 'A'`)
  )[0];
  const input = {
    items: [{ productId: product?.id, quantity: 1 }],
    idempotencyKey: 'once',
    shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
  };
  const place = (wish: object = input) => placeOrder(world.dependencies(), wish, customerId);
  const placed = await place();
  if (placed.kind !== 'placed') throw new Error(placed.kind);
  await cancelOrder(world.dependencies(), { orderId: placed.order.id, reason: 'x' }, viewer(customerId));
  await archive();
  expect(await place()).toMatchObject({ kind: 'placed', order: { id: placed.order.id, status: 'CANCELLED' } });
  expect(await place({ ...input, items: [{ ...input.items[0], quantity: 2 }] })).toEqual({
    kind: 'idempotency-conflict',
  });
  expect(await query('SELECT id FROM every_order')).toHaveLength(1);
  const order = { ...placed.order, id: uuidv7(), lines: [] };
  const written = await world.database.shared.insertOrder(
    { order, customerId, idempotencyKey: 'another', fingerprint: '', event: orderWasCreated(order) },
    {},
  );
  expect(written).toBe('taken');
}, 120_000);

test('an erased customer leaves nothing in archived orders, and an actor is forgotten there', async () => {
  const [order, other] = [await delivered(), await delivered()];
  await archive();
  const erase = (userId: string) => world.database.transact((tx) => eraseCustomer(tx, userId, new Date()));
  await erase(order.customerId);
  expect(
    await query('SELECT customer_id, idempotency_key, shipping_address FROM every_order WHERE id = $1::uuid', [
      order.id,
    ]),
  ).toEqual([
    {
      customer_id: null,
      idempotency_key: '',
      shipping_address: expect.objectContaining({ street: '', country: 'US' }),
    },
  ]);
  await archive();
  expect(await countArchived()).toBe(2);
  const holding = (userId: string) =>
    query('SELECT id::text FROM archived_orders a WHERE to_jsonb(a)::text LIKE $1', [`%${userId}%`]);
  expect(await holding(order.customerId)).toEqual([]);
  expect(await holding(String(staff.userId))).toHaveLength(2);
  const before = await createHistoryLoader(world.database).load(other.id);
  await erase(String(staff.userId));
  expect(await countArchived()).toBe(2);
  expect(await holding(String(staff.userId))).toEqual([]);
  const expected = before.map((entry) => ({
    ...entry,
    actorId: entry.actorId === staff.userId ? null : entry.actorId,
  }));
  expect(await createHistoryLoader(world.database).load(other.id)).toEqual(expected);
}, 120_000);

test('processes archive in turn, and wait for an erasure', async () => {
  const orders = await Promise.all(Array.from({ length: 6 }, cancelled));
  const before = new Date(Date.now() + DAY_MS);
  const take = () => world.database.transact((tx) => archiveOrders(tx, before, 2));
  await world.database.transact(async (tx) => {
    await pauseArchiving(tx);
    expect(await take()).toBe(0);
  });
  for (let round = 0; round < 20 && (await countArchived()) !== orders.length; round += 1)
    await Promise.all([take(), take(), take()]);
  expect(await countArchived()).toBe(orders.length);
}, 120_000);

test('each month has a partition, and reads of one order touch only its own', async () => {
  const months = Array.from({ length: 12 }, (_, index) => new Date(Date.UTC(2025, index, 15)));
  const idOf = (time: Date, n: number) => {
    const hex = (time.getTime() + n).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
  };
  const customerId = uuidv7();
  const { id: model } = await cancelled();
  const ids = months.flatMap((month) => Array.from({ length: 250 }, (_, n) => idOf(month, n)));
  await query(
    `INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object('id', copy.id, 'number', copy.id, 'idempotency_key', copy.id,
        'customer_id', $3::text, 'placed_at', '2025-01-01'::timestamptz + copy.n * interval '3 hours', 'updated_at', '2026-01-01'))).*
       FROM orders o CROSS JOIN unnest($2::text[]) WITH ORDINALITY AS copy(id, n) WHERE o.id = $1::uuid`,
    [model, ids, customerId],
  );
  while (await archive());
  const partitions = await query<{ name: string; count: number }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'archived_orders'::regclass ORDER BY 1`,
  );
  const expected = months.map((_, index) => `archived_orders_2025_${String(index + 1).padStart(2, '0')}`);
  expect(partitions.map(({ name }) => name)).toEqual([
    ...expected,
    expect.stringMatching(/^archived_orders_20\d\d_\d\d$/),
  ]);
  await query('ANALYZE');

  const plans = recordQueryPlans({ databaseUrl: world.server.url });
  try {
    const plan = await plans.of(() => createLineLoader(world.database).preload([String(ids[300])]));
    expect([...new Set(plan.match(/archived_orders_\d+_\d+/g))]).toEqual(['archived_orders_2025_02']);
    const reads: [string, () => Promise<unknown>][] = [
      ['a page', () => listOrders(world.dependencies(), { first: 5 })],
      ['a page of a status', () => listOrders(world.dependencies(), { first: 5, filter: { status: ['CANCELLED'] } })],
      ['by key', () => world.database.shared.loadOrderByKey({ customerId, idempotencyKey: String(ids[7]) })],
    ];
    for (const [name, read] of reads) {
      const text = await plans.of(read);
      const scans = [...text.matchAll(/Scan[^\n]* on archived_orders_\S+[^\n]*rows=([\d.]+) loops=(\d+)/g)];
      const most = Math.max(...scans.map(([, rows, loops]) => Number(rows) * Number(loops)));
      if (!(most <= 6)) throw new Error(`${name} reads ${most} rows of one partition:\n${text}`);
    }
  } finally {
    plans.stop();
  }
}, 120_000);
