import { jest } from '@jest/globals';
import { createRowBuilder, startTestDatabase, type RowBuilder, type TestDatabase } from '@shop/testing';
import { type Viewer } from '@shop/process';
import { encodeCursor, sqlOver, uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { openDatabase, type Database } from '../db/database.ts';
import { createSimulatedProvider } from '../payments/simulated-provider.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { createOrderPageLoader, listOrders, type ListOrders } from './list-orders.ts';

let server: TestDatabase;
let database: Database;
let rows: RowBuilder;
const deps = () => ({
  database,
  payments: createSimulatedProvider(database),
  askForProducts: async () => [],
  orderLimits: {},
  now: () => new Date(),
});
const viewer = (userId: string, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});

beforeAll(async () => {
  server = await startTestDatabase('order');
  database = openDatabase(server.url);
  rows = await createRowBuilder(sqlOver(database.client));
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const day = (number: number) => new Date(Date.UTC(2026, 0, number));
/** Inserts an order of a customer. Several orders may have the same instant, but different ids. */
async function order(customerId: string, placedAt: Date, status: OrderStatus = 'PENDING'): Promise<string> {
  const id = uuidv7();
  const reservedUntil = status === 'RESERVED' ? placedAt : null;
  await rows.insert('orders', {
    id,
    customer_id: customerId,
    status,
    placed_at: placedAt,
    reserved_until: reservedUntil,
  });
  return id;
}
/** Reads a list to its end in small pages. */
async function readAll(
  read: (args: ListOrders) => Promise<Awaited<ReturnType<typeof listOrders>> | null>,
  args: ListOrders,
  size: number,
  backward = false,
) {
  const seen: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await read({
      ...args,
      ...(backward ? { last: size, before: cursor } : { first: size, after: cursor }),
    });
    const ids = page?.nodes.map(({ id }) => id) ?? [];
    if (backward) seen.unshift(...ids);
    else seen.push(...ids);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page?.pageInfo ?? {};
    if (!(backward ? hasPreviousPage : hasNextPage)) return seen;
    cursor = (backward ? startCursor : endCursor) ?? null;
  }
}
async function statements(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  await work();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

describe('a list', () => {
  test('has each order once, newest first, in both directions and with equal instants', async () => {
    const customerId = uuidv7();
    const placed: string[] = [];
    for (const at of [1, 1, 1, 2, 3, 3, 4]) placed.unshift(await order(customerId, day(at)));
    for (const size of [1, 2, 3, 100]) {
      for (const backward of [false, true]) {
        expect(await readAll((args) => listOrders(deps(), args), { filter: { customerId } }, size, backward)).toEqual(
          placed,
        );
      }
    }
  });

  test('continues at its cursor while orders are added and change status', async () => {
    const customerId = uuidv7();
    const [oldest, middle, newest] = [
      await order(customerId, day(1)),
      await order(customerId, day(2)),
      await order(customerId, day(3)),
    ];
    const filter = { customerId };
    const first = await listOrders(deps(), { filter, first: 1 });
    expect(first.nodes.map(({ id }) => id)).toEqual([newest]);
    await order(customerId, day(4));
    const rest = await listOrders(deps(), { filter, first: 5, after: first.pageInfo.endCursor });
    expect(rest.nodes.map(({ id }) => id)).toEqual([middle, oldest]);
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('of all orders is filtered and counted by statuses and a period', async () => {
    const [from, to] = [new Date('2031-05-01T00:00:00.000Z'), new Date('2031-05-03T00:00:00.000Z')];
    const at = (text: string) => new Date(`2031-05-${text}`);
    const early = await order(uuidv7(), at('01T00:00:00.000Z'), 'PAID');
    const middle = await order(uuidv7(), at('02T00:00:00.000Z'), 'SHIPPED');
    const other = await order(uuidv7(), at('02T12:00:00.000Z'), 'PENDING');
    const late = await order(uuidv7(), at('02T23:59:59.999Z'), 'PAID');
    await order(uuidv7(), at('03T00:00:00.000Z'), 'PAID');
    const period = { placedAfter: from, placedBefore: to };
    const read = (filter: object, backward = false) =>
      readAll((args) => listOrders(deps(), args), { filter }, 2, backward);
    const paid = { ...period, status: ['PAID', 'SHIPPED', 'PAID'] as const };
    expect(await read(period)).toEqual([late, other, middle, early]);
    expect(await read(paid)).toEqual([late, middle, early]);
    expect(await read(paid, true)).toEqual([late, middle, early]);
    expect(await (await listOrders(deps(), { filter: paid })).totalCount()).toBe(3);
    expect(await read({ ...period, status: null, customerId: null })).toHaveLength(4);
  });

  test.each([
    ['no status at all', { status: [] }],
    ['an invalid customer id', { customerId: 'nobody’s' }],
    ['a period that ends before it begins', { placedAfter: day(9), placedBefore: day(8) }],
    [
      'instants beyond PostgreSQL’s and Date’s text',
      { placedAfter: new Date('+010000-01-01T00:00:00Z'), placedBefore: new Date('-000001-01-01T00:00:00Z') },
    ],
  ])('of %s is empty', async (_what, filter) => {
    await order(uuidv7(), day(8));
    const list = await listOrders(deps(), { filter });
    expect(list).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
    expect(await list.totalCount()).toBe(0);
  });

  test.each([
    ['with other parts', ['a']],
    ['without an instant', ['x', uuidv7()]],
    ['with an invalid day', ['2026-02-30T00:00:00.000Z', uuidv7()]],
    ['with an instant in another form', ['2026-02-03', uuidv7()]],
    ['with a year that PostgreSQL does not have', ['0000-01-01T00:00:00.000Z', uuidv7()]],
    ['with an invalid id', ['2026-02-03T00:00:00.000Z', '1']],
  ])('refuses a cursor %s', async (_what, parts) => {
    await expect(listOrders(deps(), { after: encodeCursor(parts) })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

describe('pages of customers in one request', () => {
  test('are read once, together for several customers, and counted only on request', async () => {
    const customers = Array.from({ length: 20 }, () => uuidv7());
    for (const customerId of customers) await order(customerId, day(1));
    for (let index = 2; index < 5; index += 1) await order(customers[0]!, day(index));
    const pages = createOrderPageLoader(deps(), viewer(uuidv7(), 'order:read'));
    const load = (args: ListOrders) => Promise.all(customers.map((customerId) => pages.load({ customerId, args })));

    let same: Awaited<ReturnType<typeof load>> = [];
    expect(
      await statements(async () => {
        same = await load({ first: 2 });
      }),
    ).toBe(1);
    expect(same.map((page) => page?.nodes.length)).toEqual([2, ...Array.from({ length: 19 }, () => 1)]);
    expect(same.map((page) => page?.nodes[0]?.customerId)).toEqual(customers);
    expect(same[0]?.pageInfo.hasNextPage).toBe(true);
    expect(
      await statements(async () => {
        expect(await load({ first: 2, after: null })).toEqual(same);
      }),
    ).toBe(0);
    expect(
      await statements(async () => {
        expect(await Promise.all(same.map(async (page) => page?.totalCount()))).toEqual([
          4,
          ...Array.from({ length: 19 }, () => 1),
        ]);
        await same[0]?.totalCount();
      }),
    ).toBe(1);
    expect(await statements(() => load({ first: 2, filter: { status: ['PAID'] } }))).toBe(1);
  });

  test('are visible to the customer and to callers with order:read', async () => {
    const [customer, other] = [uuidv7(), uuidv7()];
    const id = await order(customer, day(1));
    const load = (who: Viewer, filter?: ListOrders['filter']) =>
      createOrderPageLoader(deps(), who).load({ customerId: customer, args: { filter } });
    expect(await load(viewer(other, 'order:write'))).toBeNull();
    for (const who of [viewer(customer), viewer(other, 'order:read')])
      expect(await load(who)).toMatchObject({ nodes: [{ id }] });
    expect(await load(viewer(customer), { customerId: other })).toMatchObject({ nodes: [] });
    expect(await load(viewer(customer), { customerId: customer.toUpperCase() })).toMatchObject({ nodes: [{ id }] });
  });

  test('that are invalid fail alone, without affecting other pages', async () => {
    const customerId = uuidv7();
    const pages = createOrderPageLoader(deps(), viewer(customerId));
    const [bad, good] = await Promise.allSettled([
      pages.load({ customerId, args: { first: 101 } }),
      pages.load({ customerId, args: { first: 6 } }),
    ]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });
});
