import { findFollowers, serviceNames, type ServiceName } from '@shop/contracts';
import { findUnconfirmed, findUnpublished, fromPg } from '@shop/messaging';
import { eventually, type TestStack } from '@shop/testing';
import pg from 'pg';

/** Bytes of a table on disk. */
export interface TableSize {
  /** For example `order.outbox`. */
  readonly name: string;
  readonly heap: number;
  /** The part of the heap that no row uses: versions of rows that were updated since. New rows use it again. */
  readonly free: number;
  /** Of all indexes. */
  readonly indexes: number;
  /** Values that were too large for their row, with their index. */
  readonly toast: number;
}

/** The databases of a running system. */
export interface Databases {
  /** Returns once every event is published and every follower has confirmed that it has it. */
  untilSettled(): Promise<void>;
  /** Vacuums all tables, and writes a checkpoint. Space is reused afterwards, but no file shrinks in its middle. */
  vacuum(): Promise<void>;
  readTables(): Promise<TableSize[]>;
  /** Bytes of write-ahead log that the server has written since it was created. */
  readWal(): Promise<number>;
  close(): Promise<void>;
}

const PATIENCE_MS = 120_000;

const selectTables = `
SELECT c.relname AS name, pg_relation_size(c.oid)::float8 AS heap, pg_indexes_size(c.oid)::float8 AS indexes,
  coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::float8 AS toast
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`;

/** The size of all rows, with the 4 bytes by which a page points to each. */
const selectUsed = (table: string): string =>
  `SELECT coalesce(sum(pg_column_size(t) + 4), 0)::float8 AS bytes FROM ${pg.escapeIdentifier(table)} AS t`;

export async function openDatabases({ stack }: TestStack): Promise<Databases> {
  const clients = new Map<ServiceName, pg.Client>();
  for (const name of serviceNames) clients.set(name, await connect(stack.databaseUrl(name)));
  const adminUrl = new URL(stack.databaseUrl('order'));
  adminUrl.username = 'postgres';
  adminUrl.password = encodeURIComponent(stack.secrets.databasePasswords.postgres);
  adminUrl.pathname = '/postgres';
  const admin = await connect(adminUrl.href);
  return {
    untilSettled: () =>
      eventually(
        async () => {
          for (const [name, client] of clients) {
            const unpublished = await findUnpublished(fromPg(client), 0);
            const [unconfirmed] = await findUnconfirmed(fromPg(client), findFollowers(name), 0);
            const events = unpublished?.events ?? unconfirmed?.events ?? 0;
            if (events > 0) throw new Error(`${events} events of ${name} have not reached their followers.`);
          }
        },
        { timeoutMs: PATIENCE_MS },
      ),
    async vacuum() {
      for (const client of clients.values()) await client.query('VACUUM ANALYZE');
      await admin.query('CHECKPOINT');
    },
    async readTables() {
      const sizes: TableSize[] = [];
      for (const [service, client] of clients) {
        const { rows } = await client.query<Omit<TableSize, 'free'>>(selectTables);
        for (const row of rows) {
          const used = await client.query<{ bytes: number }>(selectUsed(row.name));
          const free = Math.max(0, row.heap - (used.rows[0]?.bytes ?? 0));
          sizes.push({ ...row, free, name: `${service}.${row.name}` });
        }
      }
      return sizes;
    },
    async readWal() {
      const { rows } = await admin.query<{ bytes: number }>(
        `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes`,
      );
      return rows[0]?.bytes ?? 0;
    },
    async close() {
      await Promise.all([admin, ...clients.values()].map((client) => client.end()));
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
