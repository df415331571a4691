import type { AnyDatabase } from './database.ts';
import { type RawSqlClient, sqlOver } from './sql.ts';

/** More than fits into the memory below, so that the server writes it to a temporary file. */
const SPILL = `SELECT count(*)::int AS rows, pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly"
  FROM generate_series(1, 5000)`;

/**
 * Checks that the database accepts writes. It answers reads, and therefore pings, while its disk is full or after a failover to a
 * read-only server.
 *
 * The check writes a temporary file of some hundred kilobytes. That needs no table and leaves nothing behind. It sees the disk of
 * `temp_tablespaces`, by default that of the data.
 *
 * @throws what the database throws; Error when it is read-only
 */
export async function requireWritable({ transact }: Pick<AnyDatabase, 'transact'>): Promise<void> {
  await transact(async (tx) => {
    const sql = sqlOver(tx as RawSqlClient);
    await sql.query(`SELECT set_config('work_mem', '64kB', true)`);
    const [answer] = await sql.query<{ isReadOnly: boolean }>(SPILL);
    if (answer?.isReadOnly !== false) throw new Error('The database is read-only.');
  });
}
