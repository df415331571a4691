import { randomUUID } from 'node:crypto';
import {
  CancelOrder,
  Login,
  type OrderStatus,
  PayOrder,
  RefreshSession,
  RequestPasswordReset,
  UpdateOrderStatus,
} from '@shop/client';
import { findFollowers, serviceNames } from '@shop/contracts';
import { findUnconfirmed, findUnpublished, fromPg } from '@shop/messaging';
import { eventually, type GraphqlClient } from '@shop/testing';
import { whyNotInShortRun } from '@shop/testing/config';
import pg from 'pg';
import { findUnexpectedGrowth, readGrowthList, type RowCounts } from './growth/growth-list.ts';
import { openShop, password, placeOrder, registerCustomer, requireMember, type Shop, untilStatus } from './shop.ts';

const reason = whyNotInShortRun();
const title = reason === null ? '' : ` (skipped: ${reason})`;
const longTest = reason === null ? test : test.skip;

/** Each customer places ten orders. */
const CUSTOMERS = 30;
const WORKERS = 6;
const PATIENCE_MS = 180_000;
const generous = '1000000/3600';

let shop: Shop;
beforeAll(async () => {
  if (reason !== null) return;
  shop = await openShop({
    env: {
      // Long enough for a payment on a busy machine.
      RESERVATION_SECONDS: '60',
      THROTTLE_ACCOUNT_FROM_ADDRESS: generous,
      THROTTLE_ADDRESS: generous,
      THROTTLE_LINKS_FROM_ADDRESS: generous,
    },
  });
}, 300_000);
afterAll(() => shop?.stop());

/** Returns once every follower has every event, and no message waits for its recipients. */
async function untilSettled(clients: ReadonlyMap<string, pg.Client>): Promise<void> {
  await eventually(
    async () => {
      for (const name of serviceNames) {
        const sql = fromPg(clients.get(name)!);
        expect(await findUnpublished(sql, 0)).toBeUndefined();
        expect(await findUnconfirmed(sql, findFollowers(name), 0)).toEqual([]);
      }
      const { rows } = await clients
        .get('notification')!
        .query('SELECT 1 FROM announcements WHERE done_at IS NULL LIMIT 1');
      expect(rows).toEqual([]);
    },
    { timeoutMs: PATIENCE_MS },
  );
}

/** Counts the rows of every table; those of a partitioned table together. Prisma's own table has a row for each migration. */
async function countRows(clients: ReadonlyMap<string, pg.Client>): Promise<RowCounts> {
  const counts = new Map<string, number>();
  for (const [service, client] of clients) {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
         AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${pg.escapeIdentifier(name)}`,
      );
      counts.set(`${service}.${name}`, rows[0]?.count ?? 0);
    }
  }
  return counts;
}

interface Products {
  readonly inStock: string;
  readonly soldOut: string;
}

/**
 * Ten orders of a new customer: six are delivered, and one comes to each other end.
 *
 * @returns a function that waits until the last order has expired.
 */
async function runCustomer({ inStock, soldOut }: Products): Promise<() => Promise<unknown>> {
  const { email } = await registerCustomer(shop.anonymous);
  await shop.anonymous.request(RequestPasswordReset, { input: { email } });
  const place = async (customer: GraphqlClient, product: string, status: OrderStatus): Promise<string> => {
    const { order } = await placeOrder(customer, [[product, 1]]);
    await untilStatus(customer, order.id, status, PATIENCE_MS);
    return order.id;
  };
  for (let index = 0; index < 6; index += 1) {
    const customer = await signIn(email);
    const id = await place(customer, inStock, 'RESERVED');
    await pay(customer, id);
    await setStatus({ orderId: id, status: 'PROCESSING' });
    await setStatus({ orderId: id, status: 'SHIPPED', trackingNumber: '1Z999AA10123456784' });
    await setStatus({ orderId: id, status: 'DELIVERED' });
  }
  for (const isPaid of [true, false]) {
    const customer = await signIn(email);
    const id = await place(customer, inStock, 'RESERVED');
    if (isPaid) await pay(customer, id);
    const { cancelOrder } = await customer.request(CancelOrder, { input: { orderId: id } });
    requireMember(cancelOrder, 'CancelOrderSuccess');
    await untilStatus(customer, id, 'CANCELLED', PATIENCE_MS);
  }
  await place(await signIn(email), soldOut, 'FAILED');
  const last = await signIn(email);
  const id = await place(last, inStock, 'RESERVED');
  return () => untilStatus(last, id, 'EXPIRED', PATIENCE_MS);
}

/** Signs in, and uses the refresh token once. */
async function signIn(email: string): Promise<GraphqlClient> {
  const { login } = await shop.anonymous.request(Login, { input: { email, password } });
  const { refreshToken } = requireMember(login, 'LoginSuccess').tokens;
  const { refreshSession } = await shop.anonymous.request(RefreshSession, { input: { refreshToken } });
  return shop.anonymous.as(requireMember(refreshSession, 'RefreshSessionSuccess').tokens.accessToken);
}

async function pay(customer: GraphqlClient, orderId: string): Promise<void> {
  const { payOrder } = await customer.request(PayOrder, {
    input: { orderId, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
  });
  requireMember(payOrder, 'PayOrderSuccess');
}

async function setStatus(input: { orderId: string; status: OrderStatus; trackingNumber?: string }): Promise<void> {
  const { updateOrderStatus } = await shop.admin.request(UpdateOrderStatus, { input });
  requireMember(updateOrderStatus, 'UpdateOrderStatusSuccess');
}

async function runCustomers(count: number, products: Products): Promise<void> {
  let next = 0;
  const untilExpired: (() => Promise<unknown>)[] = [];
  const work = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      untilExpired.push(await runCustomer(products));
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, count) }, work));
  for (const wait of untilExpired) await wait();
}

longTest(
  `every table grows as the list in docs/operations/growth.md says${title}`,
  async () => {
    const products = {
      inStock: await shop.newProduct({ initialStock: 1_000_000 }),
      soldOut: await shop.newProduct({ initialStock: 0 }),
    };
    const clients = new Map<string, pg.Client>();
    try {
      for (const name of serviceNames) {
        const client = new pg.Client({ connectionString: shop.stack.databaseUrl(name) });
        await client.connect();
        clients.set(name, client);
      }
      await runCustomers(1, products);
      await untilSettled(clients);
      const before = await countRows(clients);
      await runCustomers(CUSTOMERS, products);
      await untilSettled(clients);
      const after = await countRows(clients);
      expect(findUnexpectedGrowth(readGrowthList(), before, after, 10 * CUSTOMERS)).toEqual([]);
    } finally {
      for (const client of clients.values()) await client.end();
    }
  },
  900_000,
);
