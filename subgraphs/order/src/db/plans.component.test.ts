import {
  countRowsRead,
  createRowBuilder,
  recordQueryPlans,
  startTestDatabase,
  type QueryPlans,
  type TestDatabase,
} from '@shop/testing';
import { type Viewer } from '@shop/process';
import { MAX_COUNTED, sqlOver, uuidv7 } from '@shop/subgraph';
import { createOrderPageLoader, listOrders, type ListOrders } from '../use-cases/list-orders.ts';
import { openDatabase, type Database } from './database.ts';
import { createHistoryLoader, createLineLoader } from './loaders.ts';
import { lockExpired, lockOrderFor } from './order-changes.ts';

const ORDERS = 20_000;
let server: TestDatabase;
let database: Database;
const deps = () => ({ database, askForProducts: async () => [], orderLimits: {}, now: () => new Date() });
const customers: string[] = [];
let orderIds: string[] = [];

let plans: QueryPlans;

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  const run = (sql: string) => server.run(sql);
  for (let index = 0; index < 200; index += 1) customers.push(uuidv7());
  // Nearly all orders are DELIVERED. A few old ones are RESERVED.
  const rows = await createRowBuilder(sqlOver(database.client));
  const minute = `timestamptz '2026-01-01' + n * interval '1 minute'`;
  const order = {
    number: `'N-' || n`,
    customer_id: `(ARRAY['${customers.join("','")}']::uuid[])[1 + n % 200]`,
    status: `(CASE WHEN n < 300 THEN 'RESERVED' ELSE 'DELIVERED' END)::"OrderStatus"`,
    shipping_address: `'{"street": "1 Main Street", "city": "Springfield", "postalCode": "12345", "country": "US"}'::jsonb`,
    placed_at: minute,
    reserved_until: `CASE WHEN n < 300 THEN ${minute} END`,
  };
  await run(rows.toSelectSql('orders', order, `generate_series(1, ${ORDERS}) AS n`));
  const ofHeavy = { ...order, number: `'H-' || n`, customer_id: `'${heavy}'`, idempotency_key: `'heavy-' || n` };
  const three = { ...ofHeavy, status: `(CASE WHEN n > 3 THEN 'DELIVERED' ELSE 'RESERVED' END)::"OrderStatus"` };
  await run(
    rows.toSelectSql(
      'orders',
      { ...three, reserved_until: `CASE WHEN n <= 3 THEN ${minute} END` },
      'generate_series(1, 5000) AS n',
    ),
  );
  await run(
    rows.toSelectSql('order_items', { order_id: 'id', position: 'line' }, 'orders, generate_series(0, 1) AS line'),
  );
  await run(rows.toSelectSql('order_events', { order_id: 'id', sequence: 'n' }, 'orders, generate_series(1, 3) AS n'));
  for (const table of ['orders', 'order_items', 'order_events', 'payments']) await run(`VACUUM ANALYZE ${table}`);
  const newest = await database.client.order.findMany({
    take: 20,
    orderBy: { placedAt: 'desc' },
    select: { id: true },
  });
  orderIds = newest.map(({ id }) => id);

  plans = recordQueryPlans({ databaseUrl: server.url });
});
afterAll(async () => {
  plans?.stop();
  await database?.close();
  await server?.stop();
});

const rowsRead = (plan: string): number => countRowsRead(plan, 'orders');

const staff = { userId: uuidv7(), sessionId: uuidv7(), scopes: new Set(['order:read']) } satisfies Viewer;
const list = (args: ListOrders) => () => listOrders(deps(), args);
const from = (args: ListOrders) => async () =>
  listOrders(deps(), { ...args, after: (await listOrders(deps(), { ...args, first: 100 })).pageInfo.endCursor });
const ofCustomers = (args: ListOrders, count: number) => () => {
  const pages = createOrderPageLoader(deps(), staff);
  return Promise.all(customers.slice(0, count).map((customerId) => pages.load({ customerId, args })));
};
const inTransaction = (work: Parameters<Database['transact']>[0]) => () => database.transact(work);
/** A customer with 5,000 orders, three of which are RESERVED. */
const heavy = uuidv7();
const january = { placedAfter: new Date('2026-01-10'), placedBefore: new Date('2026-01-11') };

const cases: [string, () => Promise<unknown>, number][] = [
  ['the first page', list({}), 21],
  ['the last page', list({ last: 20 }), 21],
  ['a page from a cursor', from({}), 101],
  ['a page of one day', list({ filter: january }), 21],
  ['a page of a frequent status', list({ filter: { status: ['DELIVERED'] } }), 21],
  ['a page of a rare status, long ago', list({ filter: { status: ['RESERVED'] } }), 21],
  ['a page of several statuses', list({ filter: { status: ['RESERVED', 'PAID', 'DELIVERED'] } }), 63],
  ['a page of several statuses from a cursor', from({ filter: { status: ['RESERVED', 'DELIVERED'] } }), 202],
  ['a page of a status on one day', list({ filter: { ...january, status: ['DELIVERED'] } }), 21],
  ['a page of one customer', ofCustomers({}, 1), 21],
  ['a page of one customer from a cursor', () => from({ filter: { customerId: customers[7]! } })(), 101],
  ['a page of each of 20 customers', ofCustomers({ first: 5 }, 20), 120],
  ['a rare status of a customer with many orders', list({ filter: { customerId: heavy, status: ['RESERVED'] } }), 3],
  [
    'two statuses of a customer with many orders',
    list({ filter: { customerId: heavy, status: ['RESERVED', 'DELIVERED'] } }),
    24,
  ],
  [
    'a page of a status of one customer from a cursor',
    from({ filter: { customerId: heavy, status: ['DELIVERED'] } }),
    101,
  ],
  ['the expiry of reservations', inTransaction((tx) => lockExpired(tx, new Date('2026-01-01T01:00:00Z'), 100)), 100],
  ['the lock of one order', inTransaction((tx) => lockOrderFor(tx, orderIds[0]!, uuidv7())), 1],
  [
    'an order by its key',
    () => database.shared.loadOrderByKey({ customerId: customers[5]!, idempotencyKey: 'key-204' }),
    1,
  ],
];

test.each(cases)('%s reads an index and no unneeded rows', async (name, work, most) => {
  const plan = await plans.of(work);
  if (process.env['SHOW_PLANS']) process.stdout.write(`\n== ${name}\n${plan}\n`);
  expect(plan).not.toMatch(/Seq Scan on (orders|order_items|order_events)/);
  expect(rowsRead(plan)).toBeLessThanOrEqual(most);
});

test.each(cases.filter(([name]) => /^(the \w+ page|a page (from a cursor|of one customer.*|of each .*))$/.test(name)))(
  'prepared, %s reads an index and no unneeded rows',
  async (_name, work, most) => {
    const prepared = recordQueryPlans({ databaseUrl: server.url, arePrepared: true });
    try {
      const plan = await prepared.of(work);
      expect(plan).not.toMatch(/Seq Scan on (orders|order_items|order_events)/);
      expect(rowsRead(plan)).toBeLessThanOrEqual(most);
    } finally {
      prepared.stop();
    }
  },
);

test('a plan that is kept since the shop was empty reads indexes too', async () => {
  const empty = await startTestDatabase('order');
  const newShop = { ...deps(), database: openDatabase(empty.url) };
  const prepared = recordQueryPlans({ databaseUrl: empty.url, arePrepared: true });
  try {
    for (const filter of [{}, { customerId: uuidv7() }]) {
      const plan = await prepared.of(() => listOrders(newShop, { filter }));
      expect(plan).toMatch(/Index Scan( Backward)? using orders_\w+ on orders/);
      expect(plan).not.toContain('Seq Scan on orders');
    }
  } finally {
    prepared.stop();
    await newShop.database.close();
    await empty.stop();
  }
});

const counts: [string, ListOrders, number][] = [
  ['all orders', {}, MAX_COUNTED + 1],
  ['the orders of a status', { filter: { status: ['DELIVERED'] } }, MAX_COUNTED + 1],
  ['the orders of a rare status', { filter: { status: ['RESERVED'] } }, 302],
  ['the orders since a day', { filter: { placedAfter: new Date('2026-01-02') } }, MAX_COUNTED + 1],
  ['the orders of a customer', { filter: { customerId: heavy } }, 5_000],
  ['a rare status of a customer', { filter: { customerId: heavy, status: ['RESERVED'] } }, 3],
];

test.each(counts)('a capped count of %s reads an index up to the cap', async (name, args, most) => {
  const plan = await plans.of(async () => (await listOrders(deps(), args)).cappedCount());
  if (process.env['SHOW_PLANS']) process.stdout.write(`\n== ${name}\n${plan}\n`);
  expect(plan).not.toMatch(/Seq Scan on orders/);
  expect(rowsRead(plan)).toBeLessThanOrEqual(most);
});

test('lines and histories of a page of orders are read by index', async () => {
  const plan = await plans.of(() =>
    Promise.all(
      orderIds.flatMap((id) => [createLineLoader(database).preload([id]), createHistoryLoader(database).preload([id])]),
    ),
  );
  expect(plan).not.toMatch(/Seq Scan/);
});

test('the checks can fail: without the index on customers and statuses, a rare status needs a long scan', async () => {
  await database.client.$executeRawUnsafe('DROP INDEX orders_customer_id_status_placed_at_id_idx');
  const plan = await plans.of(list({ filter: { customerId: heavy, status: ['RESERVED'] } }));
  expect(rowsRead(plan)).toBeGreaterThan(3);
});

test('the checks can fail: without the index on statuses, a rare status needs a long scan', async () => {
  await database.client.$executeRawUnsafe('DROP INDEX orders_status_placed_at_id_idx');
  expect(rowsRead(await plans.of(list({ filter: { status: ['RESERVED'] } })))).toBeGreaterThan(21);
});
