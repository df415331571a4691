import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { topology } from '@shop/contracts';
import { connectBroker } from '@shop/messaging';
import { type PostgresServer, readSecretFile, startNats, startPostgres } from '@shop/stack';
import pg from 'pg';
import { unpackDataDir } from './archive.ts';
import { archiveFiles, type BySubgraph, type Manifest, type Subgraph } from './manifest.ts';
import { readAllRows, type Rows } from './rows.ts';

/** An hour is longer than the reservations of 15 minutes, and shorter than every other expiry. */
const STOPPED_AGO_MS = 60 * 60_000;

/**
 * Unpacks an archive as if the release had been stopped an hour ago. So sessions, published events and reservations do
 * not expire in the repository, and the test finds the same on every day.
 *
 * @returns every row of the databases
 */
export async function restoreArchive(manifest: Manifest, dataDir: string): Promise<BySubgraph<Rows>> {
  await unpackDataDir(await readFile(archiveFiles(manifest.release).archive), dataDir);
  const password = await readSecretFile(path.join(dataDir, 'secrets', 'database-postgres'));
  const postgres = await startPostgres({
    dataDir: path.join(dataDir, 'postgres'),
    logFile: path.join(dataDir, 'logs', 'postgres.log'),
    fsync: false,
    ...(password === null ? {} : { password }),
  });
  try {
    const shiftMs = Date.now() - STOPPED_AGO_MS - Date.parse(manifest.stoppedAt);
    for (const subgraph of ['user', 'product', 'order'] as const) await moveTimes(postgres, subgraph, shiftMs);
    await publishAgain(postgres, manifest, dataDir);
    return await readAllRows((subgraph) => postgres.url(`shop_${subgraph}`));
  } finally {
    await postgres.stop();
  }
}

const TIMES = `
SELECT table_name AS name, array_agg(column_name::text) AS columns
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone'
  AND table_name <> '_prisma_migrations'
GROUP BY table_name`;

/** The history repeats the time of the order's row, as text in JSON. */
const RESERVED_UNTIL = `
UPDATE order_events SET details = jsonb_set(details, '{reservedUntil}', to_jsonb(to_char(
  ((details->>'reservedUntil')::timestamptz + $1::bigint * interval '1 millisecond') AT TIME ZONE 'UTC',
  'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
WHERE details ? 'reservedUntil'`;

/** Shifts every time in a database by the same duration. */
async function moveTimes(postgres: PostgresServer, subgraph: Subgraph, shiftMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url(`shop_${subgraph}`) });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica'); // triggers must not treat this as a change
    const { rows: tables } = await client.query<{ name: string; columns: string[] }>(TIMES);
    for (const { name, columns } of tables) {
      const sets = columns
        .map(pg.escapeIdentifier)
        .map((column) => `${column} = ${column} + $1::bigint * interval '1 millisecond'`);
      await client.query(`UPDATE ${pg.escapeIdentifier(name)} SET ${sets.join(', ')}`, [shiftMs]);
    }
    if (subgraph === 'order') await client.query(RESERVED_UNTIL, [shiftMs]);
  } finally {
    await client.end();
  }
}

/**
 * Publishes all events of the archive again, except those of dead letters. A stream keeps its messages for a day by
 * the times in its own files, so the streams of an older archive are empty. Consumers must handle the events that they
 * have not handled, and none twice.
 */
async function publishAgain(postgres: PostgresServer, { deadLetters }: Manifest, dataDir: string): Promise<void> {
  const nats = await startNats({
    dataDir: path.join(dataDir, 'nats'),
    logFile: path.join(dataDir, 'logs', 'nats.log'),
  });
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const broker = await connectBroker({ url: nats.url(), service: 'ops', topology, logger });
  try {
    const connection = await broker.link.whenUp(AbortSignal.timeout(10_000));
    if (connection === null) throw new Error('The restored broker does not answer.');
    for (const subgraph of ['user', 'product', 'order'] as const) {
      const events = await readPublished(
        postgres.url(`shop_${subgraph}`),
        deadLetters.map(({ event }) => event),
      );
      for (const { type, body } of events) await connection.jetstream().publish(type, body);
    }
  } finally {
    await broker.close();
    await nats.stop();
  }
}

async function readPublished(
  databaseUrl: string,
  except: readonly string[],
): Promise<{ readonly type: string; readonly body: string }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ type: string; body: string }>(
      `SELECT type, payload::text AS body FROM outbox
       WHERE published_at IS NOT NULL AND id <> ALL ($1::uuid[]) ORDER BY sequence`,
      [except],
    );
    return rows;
  } finally {
    await client.end();
  }
}
