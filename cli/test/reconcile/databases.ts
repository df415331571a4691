import { startTestDatabase } from '@shop/testing';
import pg from 'pg';
import { reconcile, type ReconcileOptions } from '../../src/reconcile/reconcile.ts';

export type Name = 'user' | 'product' | 'order';
const names: readonly Name[] = ['user', 'product', 'order'];

/** The three databases of a system, empty, and what reconciliation says of them. */
export async function startDatabases() {
  const started = await Promise.all(
    names.map(async (name) => {
      const database = await startTestDatabase(name);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return { name, database, client };
    }),
  );
  const of = (name: Name) => started.find((each) => each.name === name)!;
  const databaseUrls = {
    user: of('user').database.url,
    product: of('product').database.url,
    order: of('order').database.url,
  };
  return {
    run: (name: Name, sql: string) => of(name).client.query(sql),
    check: (options: Partial<ReconcileOptions> = {}) => reconcile({ databaseUrls, settleMs: 0, ...options }),
    async stop() {
      await Promise.all(started.map(({ client }) => client.end()));
      await Promise.all(started.map(({ database }) => database.stop()));
    },
  };
}

export type TestDatabases = Awaited<ReturnType<typeof startDatabases>>;

/** How each status is come to. */
const ways: Readonly<Record<string, readonly string[]>> = {
  PENDING: [],
  FAILED: ['FAILED'],
  RESERVED: ['RESERVED'],
  EXPIRED: ['RESERVED', 'EXPIRED'],
  CANCELLED: ['RESERVED', 'CANCELLED'],
  PAID: ['RESERVED', 'PAID'],
  PROCESSING: ['RESERVED', 'PAID', 'PROCESSING'],
  SHIPPED: ['RESERVED', 'PAID', 'PROCESSING', 'SHIPPED'],
  DELIVERED: ['RESERVED', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED'],
};

/** An order of 1000 USD with its history; its number is its status. */
export function orderRow(id: string, status: string): string {
  const way = ['PENDING', ...(ways[status] ?? [])];
  const until = '2030-01-01T00:00:00.000Z';
  const details = (to: string) =>
    to === 'RESERVED' ? `'{"reservedUntil": "${until}"}'` : to === 'SHIPPED' ? `'{"trackingNumber": "T1"}'` : 'NULL';
  const entries = way.map(
    (to, index) => `(gen_random_uuid(), '${id}', ${index + 1}, '${index === 0 ? 'PLACED' : to}',
    ${index === 0 ? 'NULL' : `'${way[index - 1]}'`}, '${to}', ${details(to)}, '2026-01-01T00:00:0${index}Z')`,
  );
  return `
    INSERT INTO orders (id, number, customer_id, status, currency_code, total_minor, shipping_address, billing_address, idempotency_key,
      fingerprint, version, placed_at, updated_at, reserved_until, tracking_number)
    VALUES ('${id}', '${status}', gen_random_uuid(), '${status}', 'USD', 1000, '{}', '{}', gen_random_uuid(), 'f', ${way.length},
      '2026-01-01T00:00:00Z', '2026-01-01T00:00:0${way.length - 1}Z', ${status === 'RESERVED' ? `'${until}'` : 'NULL'}, ${way.includes('SHIPPED') ? `'T1'` : 'NULL'});
    INSERT INTO order_events (id, order_id, sequence, type, from_status, to_status, details, at) VALUES ${entries.join(', ')}`;
}
