import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

const BATCH = 1_000;

/** Builds a statement that deletes a batch of rows. `$1` is the time before which they are old. */
const deleteFrom = (table: string, key: string, column: string) =>
  `DELETE FROM ${table} WHERE ${key} IN (
     SELECT ${key} FROM ${table} WHERE ${column} < $1::timestamptz ORDER BY ${column} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
   RETURNING 1`;

/**
 * Deletes sessions that expired and tokens that were rotated before given times, a thousand rows per statement, so
 * that no request waits. Any number of replicas may run it. Returns the number of deleted rows.
 */
export async function deleteEndedSessions(
  database: Database,
  { rotatedBefore, expiredBefore }: { rotatedBefore: Date; expiredBefore: Date },
): Promise<number> {
  // Tokens first: the rotated tokens of an expired session are all as old, so that deleting the session has nothing
  // left to cascade to.
  const tokens = await deleteAll(database, deleteFrom('rotated_refresh_tokens', 'hash', 'rotated_at'), rotatedBefore);
  return tokens + (await deleteAll(database, deleteFrom('sessions', 'id', 'expires_at'), expiredBefore));
}

async function deleteAll({ client }: Database, statement: string, before: Date): Promise<number> {
  for (let total = 0; ;) {
    const { length } = await sqlOver(client).query(statement, [before]);
    total += length;
    if (length < BATCH) return total;
  }
}
