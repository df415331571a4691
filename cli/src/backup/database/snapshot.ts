import type { ServiceName } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import pg from 'pg';
import { describeConnectionError, describeQueryError } from '../../databases/database-errors.ts';
import type { Target } from '../../databases/targets.ts';

/** A table of the schema, with the columns that a script has to name. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** One database as it was at one moment, readable until it is closed. */
export interface DatabaseSnapshot {
  readonly target: Target;
  /** A connection within the transaction of the snapshot. */
  readonly client: pg.Client;
  readonly tables: readonly Table[];
  readonly migrations: readonly string[];
  readonly takenAt: Date;
  readonly lsn: string;
  /** For example `18.4`. */
  readonly serverVersion: string;
  /** Bytes of the tables without their indexes: an estimate of the script's size. */
  readonly tableBytes: number;
  close(): Promise<void>;
}

/** Tables without the partitions of others: those are read with their parent. A generated column cannot be written. */
const TABLES = `
  SELECT relname AS name,
         coalesce(array_agg(attname::text ORDER BY attnum) FILTER (WHERE attgenerated = ''), '{}') AS columns
    FROM pg_class
    LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
   WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
   GROUP BY relname ORDER BY relname`;

/** The first query of a transaction takes its snapshot, so this one does nothing else. */
const MOMENT = `
  SELECT clock_timestamp() AS "takenAt",
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text AS lsn`;

const SERVER = `
  SELECT current_setting('server_version') AS "serverVersion",
         (SELECT coalesce(sum(pg_table_size(oid)), 0)::float8 FROM pg_class
           WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r') AS "tableBytes"`;

/**
 * Settings of a session that reads or writes a whole database: no limit ends it, and text has the same form on every server.
 */
export const SESSION_SETTINGS = `
  SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s';
  SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET standard_conforming_strings = on;`;

/**
 * Opens a snapshot of each database. Until they are closed, other sessions read and write as usual, but no migration can change the tables.
 * The moments follow one another in the order of the targets, a statement apart: all is prepared before the first of them.
 *
 * @throws UnavailableError when a database cannot be reached; ExpectedError when it has no tables. Then none is open.
 */
export async function openSnapshots(targets: readonly Target[]): Promise<DatabaseSnapshot[]> {
  const opened = await Promise.allSettled(targets.map(open));
  const transactions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    for (const result of opened) if (result.status === 'rejected') throw result.reason;
    const taken: (OpenTransaction & Moment)[] = [];
    for (const transaction of transactions)
      taken.push({ ...transaction, ...(await readRow<Moment>(transaction, MOMENT)) });
    return await Promise.all(taken.map(describe));
  } catch (error) {
    await Promise.all(transactions.map(({ client }) => client.end()));
    throw error;
  }
}

/** A transaction that has locked its tables, and has no snapshot yet. */
type OpenTransaction = Pick<DatabaseSnapshot, 'target' | 'client' | 'tables'>;
type Moment = Pick<DatabaseSnapshot, 'takenAt' | 'lsn'>;

async function open(target: Target): Promise<OpenTransaction> {
  const { name, databaseUrl } = target;
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => {}); // the running query fails with the same error
  await client.connect().catch((error: unknown) => {
    throw describeConnectionError(name, error);
  });
  try {
    await client.query(SESSION_SETTINGS);
    const tables = (await client.query<Table>(TABLES)).rows;
    if (tables.length === 0)
      throw new ExpectedError(
        `The database of ${name} has no tables, so there is nothing to back up. Run: npm run shop -- migrate`,
      );
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // The lock comes before the first query, which takes the snapshot. So no change of a table falls between the two.
    const names = tables.map((table) => pg.escapeIdentifier(table.name)).join(', ');
    await client.query(`LOCK TABLE ${names} IN ACCESS SHARE MODE`);
    return { target, client, tables };
  } catch (error) {
    await client.end();
    throw describeQueryError(name, error);
  }
}

async function describe(taken: OpenTransaction & Moment): Promise<DatabaseSnapshot> {
  const { serverVersion, tableBytes } = await readRow<Pick<DatabaseSnapshot, 'serverVersion' | 'tableBytes'>>(
    taken,
    SERVER,
  );
  const { client, tables, target } = taken;
  return {
    ...taken,
    serverVersion: serverVersion.split(' ')[0] ?? '',
    tableBytes,
    migrations: await readMigrations(client, tables, target.name),
    close: () => client.end(),
  };
}

async function readRow<Row extends object>({ client, target }: OpenTransaction, text: string): Promise<Row> {
  const { rows } = await client.query<Row>(text).catch((error: unknown) => {
    throw describeQueryError(target.name, error);
  });
  return rows[0] as Row;
}

async function readMigrations(client: pg.Client, tables: readonly Table[], name: ServiceName): Promise<string[]> {
  if (!tables.some((table) => table.name === '_prisma_migrations'))
    throw new ExpectedError(
      `The database of ${name} has no records of migrations. Record them first: npm run shop -- migrate baseline ${name}`,
    );
  const { rows } = await client.query<{ name: string; isFinished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isFinished"
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  const failed = rows.find(({ isFinished }) => !isFinished);
  if (failed !== undefined)
    throw new ExpectedError(
      `The migration ${failed.name} of ${name} has not finished, so the backup could not be restored. ` +
        `Let it finish, or resolve it: npm run shop -- migrate status`,
    );
  return rows.map((row) => row.name);
}
