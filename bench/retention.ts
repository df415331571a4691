import path from 'node:path';
import { fromPg, startHousekeeping } from '@shop/messaging';
import { readTableMigrations } from '@shop/messaging/tables';
import { startPostgres } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import pg from 'pg';
import { markdownTable } from './results/markdown-table.ts';
import type { RetentionOptions } from './retention/options.ts';

const HOUR_MS = 3_600_000;
const DAYS = 7;
const HOURS = 24;
/** Events that are published together. The fewer, the less the indexes grow. */
const BATCH = 50;
const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };

/** Events with about the size of an order's. */
const append = `
INSERT INTO outbox (id, type, aggregate_id, payload, created_at)
SELECT uuidv7(), 'shop.order.updated.v1', uuidv7()::text, jsonb_build_object('data', repeat('x', 700)), $1::timestamptz
FROM generate_series(1, $2::int)`;
const publish = 'UPDATE outbox SET published_at = $1::timestamptz WHERE published_at IS NULL';
const receive = `
INSERT INTO inbox (consumer, message_id, received_at)
SELECT 'product-from-order', uuidv7(), $1::timestamptz FROM generate_series(1, $2::int)`;

const selectSizes = `
SELECT pg_relation_size('outbox')::float8 AS "outboxHeap", pg_indexes_size('outbox')::float8 AS "outboxIndexes",
  pg_relation_size('inbox')::float8 AS "inboxHeap", pg_indexes_size('inbox')::float8 AS "inboxIndexes"`;

interface Sizes {
  readonly outboxHeap: number;
  readonly outboxIndexes: number;
  readonly inboxHeap: number;
  readonly inboxIndexes: number;
}

/**
 * Measures whether outbox and inbox stay bounded when old rows are deleted in batches and autovacuum does the rest. An
 * hour of the simulation takes a moment, so autovacuum comes less often in a simulated day than in a real one.
 */
export async function retention({ events, weeks }: RetentionOptions): Promise<void> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const directory = await temporaryDirectory();
    ends.push(() => directory.remove());
    const postgres = await startPostgres({ dataDir: path.join(directory.path, 'postgres'), fsync: false });
    ends.push(() => postgres.stop());
    const client = new pg.Client({ connectionString: postgres.url() });
    await client.connect();
    ends.push(() => client.end());
    await client.query(`ALTER SYSTEM SET autovacuum_naptime = '1s'`);
    await client.query('SELECT pg_reload_conf()');
    for (const { sql } of await readTableMigrations('packages/messaging/sql')) await client.query(sql);

    const lines: string[][] = [];
    const hours = weeks * DAYS * HOURS;
    const start = Date.now() - hours * HOUR_MS;
    for (let hour = 1; hour <= hours; hour += 1) {
      await simulateHour(client, new Date(start + hour * HOUR_MS), Math.round(events / HOURS));
      if (hour % (DAYS * HOURS) === 0) lines.push(describe(`week ${hour / DAYS / HOURS}`, await readSizes(client)));
    }
    await client.query('VACUUM FULL outbox, inbox');
    lines.push(describe('rewritten', await readSizes(client)));
    const head = ['MB', 'outbox', 'its indexes', 'inbox', 'its indexes'];
    console.log(`\n${markdownTable(head, lines)}\n\n${events.toLocaleString('en-US')} events a day.\n`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function simulateHour(client: pg.Client, at: Date, events: number): Promise<void> {
  for (let left = events; left > 0; left -= BATCH) {
    const count = Math.min(left, BATCH);
    await client.query(append, [at, count]);
    await client.query(publish, [at]);
    await client.query(receive, [at, count]);
  }
  // Rows have the simulated time, and the statements of housekeeping ask for the real one.
  const ahead = Date.now() - at.getTime();
  const days = (count: number): number => count * HOURS * HOUR_MS + ahead;
  const retentions = { outboxRetentionMs: days(7), inboxRetentionMs: days(14), batchSize: events * 2 };
  await startHousekeeping({ sql: fromPg(client), logger, followers: [], ...retentions }).stop();
}

async function readSizes(client: pg.Client): Promise<Sizes> {
  const { rows } = await client.query<Sizes>(selectSizes);
  if (!rows[0]) throw new Error('PostgreSQL returned no sizes.');
  return rows[0];
}

function describe(name: string, { outboxHeap, outboxIndexes, inboxHeap, inboxIndexes }: Sizes): string[] {
  return [name, ...[outboxHeap, outboxIndexes, inboxHeap, inboxIndexes].map((bytes) => (bytes / 1e6).toFixed(1))];
}
