import { createRowBuilder, eventually, startTestDatabase, type RowBuilder, type TestDatabase } from '@shop/testing';
import { createLogger } from '@shop/process';
import { sqlOver, startJob, uuidv7 } from '@shop/subgraph';
import { rowAndReplay } from '../../test/replayed.ts';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import { openDatabase, type Database } from '../db/database.ts';
import { expireReservations } from '../jobs/jobs.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import { cancelOrder } from './cancel-order.ts';
import { expireOrders } from './expire-orders.ts';
import { placeOrder } from './place-order.ts';
import { settleReservations } from './settle-reservations.ts';

let server: TestDatabase;
let database: Database;
let rows: RowBuilder;
let clock = new Date();
const now = () => clock;
const deps = () => ({
  database,
  now,
  askForProducts: async () => [],
  orderLimits: {},
  payments: createSimulatedProvider(database),
});
const silent = createLogger({ service: 'test', level: 'silent' });
const productId = uuidv7();
const later = (seconds: number) => new Date(clock.getTime() + seconds * 1_000);

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  rows = await createRowBuilder(sqlOver(database.client));
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
// Each test finds only its own orders to expire.
afterEach(() =>
  database.client.order.updateMany({ where: { status: 'RESERVED' }, data: { reservedUntil: new Date('2100-01-01') } }),
);

async function reserved(count: number, reservationSeconds = 60): Promise<{ id: string; customerId: string }[]> {
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  const placed = await Promise.all(
    Array.from({ length: count }, async () => {
      const customerId = uuidv7();
      const outcome = await placeOrder(
        deps(),
        { items: [{ productId, quantity: 1 }], shippingAddress, idempotencyKey: uuidv7() },
        customerId,
      );
      if (outcome.kind !== 'placed') throw new Error(JSON.stringify(outcome));
      return { id: outcome.order.id, customerId };
    }),
  );
  const decisions = placed.map(({ id }) => ({ orderId: id, type: 'RESERVED' as const, reason: null }));
  await database.transact((tx) => settleReservations(tx, decisions, { at: now(), reservationSeconds }));
  return placed;
}
const load = (id: string) =>
  database.client.order.findUniqueOrThrow({ where: { id }, include: { history: { orderBy: { sequence: 'asc' } } } });
const statuses = async (orders: readonly { id: string }[]) =>
  (
    await database.client.order.groupBy({
      by: ['status'],
      where: { id: { in: orders.map(({ id }) => id) } },
      _count: true,
    })
  ).map(({ status, _count }) => [status, _count]);
const updatesOf = async (id: string) => {
  const rows = await database.client.outbox.findMany({
    where: { aggregateId: id, type: 'shop.order.updated.v1' },
    orderBy: { sequence: 'asc' },
  });
  return rows.map(({ payload }) => (payload as { data: object }).data);
};
const pay = (orderId: string, status: 'PENDING' | 'FAILED') =>
  rows.insert<{ id: string }>('payments', { order_id: orderId, status, charge_until: now(), due_at: now() });

describe('an order that is not paid', () => {
  test('expires at its time and not before, with history and event', async () => {
    const [order] = await reserved(1);
    const { id } = order!;
    const { reservedUntil } = await load(id);
    expect(reservedUntil).toEqual(later(60));
    const reservation = rowAndReplay(await load(id));
    expect(reservation.replayed).toEqual(reservation.row);
    clock = later(59.999);
    expect(await expireOrders(deps())).toBe(0);
    clock = later(0.001);
    expect(await expireOrders(deps())).toBe(1);
    expect(await load(id)).toMatchObject({
      status: 'EXPIRED',
      statusReason: 'Not paid in time.',
      reservedUntil: null,
      version: 3,
      updatedAt: clock,
      history: [
        {},
        { details: { reservedUntil: reservedUntil?.toISOString() } },
        { type: 'EXPIRED', fromStatus: 'RESERVED', actorId: null, reason: 'Not paid in time.' },
      ],
    });
    const { row, replayed } = rowAndReplay(await load(id));
    expect(replayed).toEqual(row);
    expect((await updatesOf(id)).at(-1)).toMatchObject({
      orderId: id,
      statusBefore: 'RESERVED',
      status: 'EXPIRED',
      sequence: 3,
      lines: [{ productId, quantity: 1 }],
    });
    expect(await expireOrders(deps())).toBe(0);
  });

  test('does not expire during a payment, but expires after the payment fails', async () => {
    const [paying, other] = await reserved(2);
    const { id: paymentId } = await pay(paying!.id, 'PENDING');
    await pay(other!.id, 'FAILED');
    clock = later(61);
    expect(await expireOrders(deps())).toBe(1);
    expect([(await load(paying!.id)).status, (await load(other!.id)).status]).toEqual(['RESERVED', 'EXPIRED']);
    await database.client.payment.update({ where: { id: paymentId }, data: { status: 'FAILED' } });
    expect(await expireOrders(deps())).toBe(1);
    expect((await load(paying!.id)).status).toBe('EXPIRED');
  });

  test('expires even if more orders than a batch holds are being paid', async () => {
    const paying = await reserved(101);
    for (const { id } of paying) await pay(id, 'PENDING');
    clock = later(1);
    const [order] = await reserved(1);
    clock = later(61);
    expect(await expireOrders(deps())).toBe(1);
    expect((await load(order!.id)).status).toBe('EXPIRED');
    expect(await statuses(paying)).toEqual([['RESERVED', 101]]);
  });

  test('is skipped while another transaction holds its lock, such as one that records a payment', async () => {
    const [order] = await reserved(1);
    clock = later(61);
    const expired = await database.transact(async (tx) => {
      await tx.$queryRawUnsafe('SELECT 1 FROM orders WHERE id = $1::uuid FOR UPDATE', order!.id);
      return expireOrders(deps());
    });
    expect(expired).toBe(0);
    expect(await expireOrders(deps())).toBe(1);
  });

  test('does not expire if a payment was recorded after the first statement of the job', async () => {
    const [order] = await reserved(1);
    clock = later(61);
    const { id } = await pay(order!.id, 'FAILED');
    const transact: Database['transact'] = (work) =>
      database.transact((tx) => {
        const query = async (...args: Parameters<typeof tx.$queryRawUnsafe>) => {
          const rows = await tx.$queryRawUnsafe(...args);
          await database.client.payment.update({ where: { id }, data: { status: 'PENDING' } });
          return rows;
        };
        return work(
          new Proxy(tx, {
            get: (target, name): unknown => (name === '$queryRawUnsafe' ? query : Reflect.get(target, name)),
          }),
        );
      });
    expect(await expireOrders({ database: { ...database, transact }, now })).toBe(0);
    expect((await load(order!.id)).status).toBe('RESERVED');
    await database.client.payment.update({ where: { id }, data: { status: 'FAILED' } });
  });
});

test('is expired exactly once by several replicas', async () => {
  const orders = await reserved(450);
  clock = later(61);
  const replicas = Array.from({ length: 4 }, () =>
    startJob({ ...expireReservations, everyMs: 20 }, deps(), { logger: silent }),
  );
  await eventually(async () => expect(await statuses(orders)).toEqual([['EXPIRED', 450]]));
  await Promise.all(replicas.map((replica) => replica.stop()));
  expect(
    await database.client.orderEvent.count({ where: { type: 'EXPIRED', orderId: { in: orders.map(({ id }) => id) } } }),
  ).toBe(450);
  expect(
    await database.client.orderEvent.groupBy({
      by: ['orderId'],
      where: { orderId: { in: orders.map(({ id }) => id) } },
      _count: true,
      having: { orderId: { _count: { not: 3 } } },
    }),
  ).toEqual([]);
});

test('concurrent expiry and cancellation end each order once', async () => {
  const orders = await reserved(60);
  clock = later(61);
  const viewerOf = (userId: string) => ({ userId, sessionId: uuidv7(), scopes: new Set<string>() });
  const [outcomes] = await Promise.all([
    Promise.all(orders.map(({ id, customerId }) => cancelOrder(deps(), { orderId: id }, viewerOf(customerId)))),
    (async () => {
      while ((await expireOrders(deps())) > 0);
    })(),
  ]);
  await expireOrders(deps());
  const cancelled = outcomes.filter(({ kind }) => kind === 'cancelled').length;
  const rows = await Promise.all(orders.map(({ id }) => load(id)));
  expect(rows.filter(({ status }) => status === 'CANCELLED')).toHaveLength(cancelled);
  expect(rows.filter(({ status }) => status === 'EXPIRED')).toHaveLength(60 - cancelled);
  expect(rows.every(({ version, history }) => version === 3 && history.length === 3)).toBe(true);
});

describe('the timer', () => {
  test('logs once that the database is unavailable, and once that it works again', async () => {
    const lines: string[] = [];
    const note =
      (level: string) =>
      (...args: unknown[]) =>
        void lines.push(`${level} ${String(args.at(-1))}`);
    const logger = { ...silent, info: note('info'), warn: note('warn') } as never;
    let isAway = true;
    let asked = 0;
    const flaky = {
      ...database,
      transact: ((work: never) => {
        asked += 1;
        return isAway ? Promise.reject(new Error('ECONNREFUSED')) : database.transact(work);
      }) as typeof database.transact,
    };
    const [order] = await reserved(1);
    clock = later(61);
    const expiry = startJob({ ...expireReservations, everyMs: 5 }, { database: flaky, now }, { logger });
    await eventually(() => expect(asked).toBeGreaterThan(5));
    isAway = false;
    await eventually(async () => expect((await load(order!.id)).status).toBe('EXPIRED'));
    await eventually(() =>
      expect(lines).toEqual(['warn expiring orders fails; it is tried again', 'info expiring orders works again']),
    );
    await expiry.stop();
    const after = asked;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(asked).toBe(after);
  });
});
