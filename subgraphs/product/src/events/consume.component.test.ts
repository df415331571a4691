import path from 'node:path';
import {
  findConsumer,
  findStream,
  orderCancelled,
  orderCreated,
  orderUpdated,
  topology,
  type EventContract,
  type OrderChange,
} from '@shop/contracts';
import { startNats } from '@shop/stack';
import {
  appendToOutbox,
  connectBroker,
  fromPg,
  listDeadLetters,
  newEvent,
  startConsumer,
  startRelay,
  type OutboxEvent,
} from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
import { eventually, startTestDatabase, temporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { differences, openStockScene, orderOf, type StockScene } from '../../test/stock-scene.ts';
import type { OrderLines } from '../domain/reservation.ts';
import { createHandlers } from './consume.ts';

let scene: StockScene;
let outbox: pg.Pool;
const stops: (() => Promise<unknown>)[] = [];
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  const directory = await temporaryDirectory();
  stops.unshift(() => directory.remove());
  scene = await openStockScene();
  stops.unshift(() => scene.stop());
  const orders = await startTestDatabase('order');
  stops.unshift(() => orders.stop());
  const nats = await startNats({ dataDir: path.join(directory.path, 'nats') });
  stops.unshift(() => nats.stop());
  outbox = new pg.Pool({ connectionString: orders.url, max: 2 });
  stops.unshift(() => outbox.end());
  const connect = async (service: string) => {
    const broker = await connectBroker({ url: nats.url(), service, topology, logger });
    stops.unshift(() => broker.close());
    return broker;
  };
  const relay = await startRelay({
    databaseUrl: orders.url,
    broker: await connect('order'),
    stream: findStream('order'),
    logger,
  });
  stops.unshift(() => relay.stop());
  const consumer = await startConsumer({
    broker: await connect('product'),
    consumer: findConsumer('product', 'order'),
    handlers: createHandlers({ now: () => new Date() }),
    transact: scene.database.transact,
    sql: sqlOver,
    logger,
    maxAttempts: 2,
    backoff: { firstMs: 10, maxMs: 10 },
  });
  stops.unshift(() => consumer.stop());
});
afterAll(async () => {
  for (const stop of stops) await stop();
});
afterEach(async () => expect(await differences(scene.database)).toEqual([]));

const send = (...events: OutboxEvent[]) => appendToOutbox(fromPg(outbox), events);

function event(
  contract: EventContract<OrderChange>,
  { orderId, lines }: OrderLines,
  status: OrderChange['status'],
): OutboxEvent {
  const data: OrderChange = {
    orderId,
    customerId: null,
    statusBefore: null,
    status,
    lines: lines.map((line) => ({ ...line, unitPriceMinor: 1 })),
    totalMinor: 1,
    currencyCode: 'USD',
    reason: null,
    sequence: 1,
  };
  return newEvent(contract, { aggregateId: orderId, data });
}
const created = (order: OrderLines) => event(orderCreated, order, 'PENDING');
const updated = (order: OrderLines, status: OrderChange['status']) => event(orderUpdated, order, status);
const cancelled = (order: OrderLines) => event(orderCancelled, order, 'CANCELLED');

const expectStatus = (order: OrderLines, status: string) =>
  eventually(async () => expect(await scene.statusOf(order.orderId)).toBe(status));

test('orders are reserved, and then shipped, expired or cancelled, even when all events arrive at once', async () => {
  const product = await scene.productWith(1_000);
  const orders = Array.from({ length: 60 }, () => orderOf([product, 2]));
  const ends = [
    (order: OrderLines) => updated(order, 'SHIPPED'),
    (order: OrderLines) => updated(order, 'EXPIRED'),
    cancelled,
  ];
  await send(
    ...orders.map(created),
    ...orders.map((order) => updated(order, 'RESERVED')),
    ...orders.map((order, n) => ends[n % 3]!(order)),
    ...orders.map((order) => updated(order, 'DELIVERED')),
  );
  for (const [n, order] of orders.entries()) await expectStatus(order, ['COMMITTED', 'RELEASED', 'RELEASED'][n % 3]!);
  expect(await scene.stockOf(product)).toMatchObject({ onHand: 1_000 - 20 * 2, reserved: 0 });
  expect(await scene.eventsOf(orders[0]!.orderId)).toEqual([
    'shop.inventory.reserved.v1',
    'shop.inventory.committed.v1',
  ]);
});

test('an update to another status is ignored and not recorded in the inbox', async () => {
  const order = orderOf([await scene.productWith(5), 2]);
  const others = (['PENDING', 'RESERVED', 'PAID', 'PROCESSING', 'DELIVERED', 'FAILED', 'CANCELLED'] as const).map(
    (status) => updated(order, status),
  );
  await send(created(order), ...others, updated(order, 'SHIPPED'));
  await expectStatus(order, 'COMMITTED');
  expect(await scene.database.client.inbox.count({ where: { messageId: { in: others.map(({ id }) => id) } } })).toBe(0);
});

test('a shipment without a reservation becomes a dead letter, and does not block other orders', async () => {
  const product = await scene.productWith(9);
  const [unseen, released, good] = [orderOf([product, 1]), orderOf([product, 1]), orderOf([product, 1])];
  await send(
    created(good),
    created(released),
    cancelled(released),
    updated(unseen, 'SHIPPED'),
    updated(released, 'SHIPPED'),
    updated(good, 'SHIPPED'),
  );
  await expectStatus(good, 'COMMITTED');
  const letters = await eventually(async () => {
    const found = await listDeadLetters(sqlOver(scene.database.client));
    expect(found).toHaveLength(2);
    return found;
  });
  const errors = letters.map(({ error }) => error).join('\n');
  expect(errors).toContain(
    `order ${unseen.orderId} has shipped and nothing is reserved for it: its reservation is missing`,
  );
  expect(errors).toContain(
    `order ${released.orderId} has shipped and nothing is reserved for it: its reservation is RELEASED`,
  );
  expect(await scene.stockOf(product)).toMatchObject({ onHand: 8, reserved: 0 });
});
