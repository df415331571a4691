import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

const BATCH = 1_000;

/**
 * Deletes the rows of a table whose time is before a given one, a thousand rows per statement, so that no request waits. Any number of
 * replicas may run it. Returns the number of deleted rows.
 */
export async function deleteInBatches(
  { client }: Database,
  { table, key, column }: { readonly table: string; readonly key: string; readonly column: string },
  before: Date,
): Promise<number> {
  const statement = `DELETE FROM ${table} WHERE ${key} IN (
     SELECT ${key} FROM ${table} WHERE ${column} < $1::timestamptz ORDER BY ${column} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
   RETURNING 1`;
  for (let total = 0; ;) {
    const { length } = await sqlOver(client).query(statement, [before]);
    total += length;
    if (length < BATCH) return total;
  }
}
