import { jest } from '@jest/globals';
import { inventoryReserved, productUpdated } from '@shop/contracts';
import { startTestDatabase, type TestDatabase } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { loadCatalogue, saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import type { ReservationDecision } from '../domain/reservation.ts';
import { createHandlers } from '../events/consume.ts';
import { placeOrder } from './place-order.ts';
import { settleReservations } from './settle-reservations.ts';

let server: TestDatabase;
let database: Database;
const at = new Date('2026-03-01T12:00:00.000Z');
const productId = uuidv7();
const productOf = (id: string, version: number, priceMinor = version) => ({
  productId: id,
  sku: 'A',
  name: `Version ${version}`,
  priceMinor,
  currencyCode: 'USD',
  onSale: true,
  version,
});

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  await saveCatalogueProducts(database.client, [productOf(productId, 1)], at);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function placed(count: number): Promise<string[]> {
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  return Promise.all(
    Array.from({ length: count }, async () => {
      const input = { items: [{ productId, quantity: 1 }], shippingAddress, idempotencyKey: uuidv7() };
      const outcome = await placeOrder(
        { database, now: () => at, askForProducts: async () => [], orderLimits: {} },
        input,
        uuidv7(),
      );
      if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
      return outcome.order.id;
    }),
  );
}
const reserve = (orderId: string): ReservationDecision => ({ orderId, type: 'RESERVED', reason: null });
const reject = (orderId: string): ReservationDecision => ({ orderId, type: 'FAILED', reason: 'Out of stock.' });
const settle = (decisions: readonly ReservationDecision[], reservationSeconds = 900) =>
  database.transact((tx) => settleReservations(tx, decisions, { at, reservationSeconds }));
const load = (id: string) =>
  database.client.order.findUniqueOrThrow({ where: { id }, include: { history: { orderBy: { sequence: 'asc' } } } });
async function statements(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  await work();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

test('100 orders are settled in two statements of one transaction, each with history and event', async () => {
  const ids = await placed(100);
  const decisions = ids.map((id, index) => (index % 4 === 3 ? reject(id) : reserve(id)));
  expect(await statements(() => settle(decisions))).toBe(4);
  const rows = await database.client.order.findMany({ where: { id: { in: ids } } });
  expect(rows.filter(({ status }) => status === 'RESERVED')).toHaveLength(75);
  expect(
    rows.filter(({ status, statusReason }) => status === 'FAILED' && statusReason === 'Out of stock.'),
  ).toHaveLength(25);
  expect(await database.client.orderEvent.count({ where: { orderId: { in: ids }, sequence: 2 } })).toBe(100);
  expect(
    await database.client.outbox.count({ where: { aggregateId: { in: ids }, type: 'shop.order.updated.v1' } }),
  ).toBe(100);
});

test('a reservation lasts for the configured time', async () => {
  const [id] = await placed(1);
  await settle([reserve(id!)], 7);
  expect(await load(id!)).toMatchObject({
    reservedUntil: new Date('2026-03-01T12:00:07.000Z'),
    history: [{}, { details: { reservedUntil: '2026-03-01T12:00:07.000Z' } }],
  });
});

test('repeated, contradicting and unknown decisions in one batch change each order at most once', async () => {
  const [one, two] = await placed(2);
  await settle([reserve(one!), reserve(one!), reject(one!), reserve(uuidv7()), reject(two!), reserve(two!)]);
  expect(await load(one!)).toMatchObject({ status: 'RESERVED', version: 2, history: [{}, {}] });
  expect(await load(two!)).toMatchObject({ status: 'FAILED', version: 2 });
  await settle([reject(one!), reserve(two!)]);
  expect((await load(one!)).version + (await load(two!)).version).toBe(4);
});

test('replicas that settle the same orders in opposite order neither deadlock nor change an order twice', async () => {
  const ids = await placed(40);
  const batches = Array.from({ length: 8 }, (_, index) => (index % 2 ? [...ids].reverse() : ids).map(reserve));
  await Promise.all(batches.map((batch) => settle(batch)));
  const rows = await database.client.order.findMany({ where: { id: { in: ids } } });
  expect(rows.every(({ status, version }) => status === 'RESERVED' && version === 2)).toBe(true);
});

test('the highest version of a product is kept, whatever the order of events within and across batches', async () => {
  const [one, two] = [uuidv7(), uuidv7()];
  await saveCatalogueProducts(
    database.client,
    [productOf(one, 3), productOf(two, 1), productOf(one, 5), productOf(one, 4)],
    at,
  );
  await Promise.all(
    [2, 9, 7].map((version) =>
      saveCatalogueProducts(database.client, [productOf(two, version), productOf(one, version)], at),
    ),
  );
  const catalogue = await loadCatalogue(database.client, [one, two, uuidv7()]);
  expect([...catalogue.values()].map(({ version, priceMinor }) => [version, priceMinor])).toEqual([
    [9, 9],
    [9, 9],
  ]);
});

test('the consumer’s handlers take events in batches', async () => {
  const handlers = createHandlers({ now: () => at, reservationSeconds: 60 });
  const handle = async (type: string, data: readonly object[]) => {
    const events = data.map((each) => ({
      id: uuidv7(),
      type,
      source: '/product',
      subject: uuidv7(),
      time: at,
      data: each,
      headers: {},
    }));
    await database.transact(async (tx) => handlers.find((handler) => handler.type === type)?.handle(events, tx));
  };
  const ids = await placed(3);
  expect(
    await statements(() =>
      handle(
        inventoryReserved.type,
        ids.map((orderId) => ({ orderId, lines: [] })),
      ),
    ),
  ).toBe(4);
  expect(await database.client.order.count({ where: { id: { in: ids }, status: 'RESERVED' } })).toBe(3);
  const products = [uuidv7(), uuidv7()];
  expect(
    await statements(() =>
      handle(
        productUpdated.type,
        products.map((id) => productOf(id, 2)),
      ),
    ),
  ).toBe(3);
  expect((await loadCatalogue(database.client, products)).size).toBe(2);
});
