import { randomUUID } from 'node:crypto';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { createRowBuilder, databaseUrlsOf, expression, startTestDatabase, type RowBuilder } from '@shop/testing';
import pg from 'pg';
import { reconcile, type ReconcileOptions } from '../../src/reconcile/reconcile.ts';

/** SQL, or a function that builds it from the rows of the database that it runs in. */
export type Statement = string | BuiltStatement;
export type BuiltStatement = (rows: RowBuilder) => string;

export type Name = ServiceName;

/** The databases of a system, empty, and a function that reconciles them. */
export async function startDatabases() {
  const started = await Promise.all(
    serviceNames.map(async (name) => {
      const database = await startTestDatabase(name);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return { name, database, client, rows: await createRowBuilder(client) };
    }),
  );
  const of = (name: Name) => started.find((each) => each.name === name)!;
  const databaseUrls = databaseUrlsOf({ databaseUrl: (name) => of(name).database.url });
  return {
    run: (name: Name, statement: Statement) => {
      const { client, rows } = of(name);
      return client.query(typeof statement === 'string' ? statement : statement(rows));
    },
    databaseUrls,
    check: (options: Partial<ReconcileOptions> = {}) => reconcile({ databaseUrls, settleMs: 0, ...options }),
    async stop() {
      await Promise.all(started.map(({ client }) => client.end()));
      await Promise.all(started.map(({ database }) => database.stop()));
    },
  };
}

export type TestDatabases = Awaited<ReturnType<typeof startDatabases>>;

export const joinStatements =
  (...statements: readonly BuiltStatement[]): BuiltStatement =>
  (rows) =>
    statements.map((statement) => statement(rows)).join(';');

/** The status changes that lead to each status. */
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

/** An order of 1000 USD with its history. Its number is its status. */
export function orderRow(id: string, status: string): BuiltStatement {
  const path = ['PENDING', ...(ways[status] ?? [])];
  const reservedUntil = '2030-01-01T00:00:00.000Z';
  const trackingNumber = 'T1';
  const secondOf = (index: number) => `2026-01-01T00:00:0${index}Z`;
  const details: Readonly<Record<string, object>> = { RESERVED: { reservedUntil }, SHIPPED: { trackingNumber } };
  const order = {
    id,
    number: status,
    customer_id: randomUUID(),
    status,
    total_minor: 1000,
    version: path.length,
    // An order that has been PENDING for long would be a difference, and these tests may take long.
    placed_at: status === 'PENDING' ? expression("now() + interval '1 hour'") : secondOf(0),
    updated_at: secondOf(path.length - 1),
    reserved_until: status === 'RESERVED' ? reservedUntil : null,
    tracking_number: path.includes('SHIPPED') ? trackingNumber : null,
  };
  const history = path.map((to, index) => ({
    order_id: id,
    sequence: index + 1,
    type: index === 0 ? 'PLACED' : to,
    from_status: path[index - 1] ?? null,
    to_status: to,
    details: details[to] ?? null,
    at: secondOf(index),
  }));
  return (rows) => `${rows.toSql('orders', order)};${rows.toSql('order_events', ...history)}`;
}

/** An age of 90 or 200 seconds is planted. A slow machine takes seconds until the check sees it. */
export const withPlantedAges = <Found extends { readonly message: string }>(differences: readonly Found[]): Found[] =>
  differences.map((difference) => ({
    ...difference,
    message: difference.message.replace(/\b(?:(9\d|1\d\d)|(2\d\d)) s\b/, (_age, ninety) => (ninety ? '90 s' : '200 s')),
  }));
