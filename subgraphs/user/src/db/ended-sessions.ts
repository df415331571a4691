import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

const BATCH = 1_000;

/** Deletes rows of a table in batches; `$1` is the time before which they are old. */
const deleteFrom = (table: string, key: string, column: string) =>
  `DELETE FROM ${table} WHERE ${key} IN (
     SELECT ${key} FROM ${table} WHERE ${column} < $1::timestamptz ORDER BY ${column} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
   RETURNING 1`;

/**
 * Deletes sessions that expired before a time, with the addresses that they were used from, and tokens that were rotated
 * before a time; a thousand rows a statement, so that nobody waits. Any number of replicas may. Returns how many there were.
 */
export async function deleteEndedSessions(
  database: Database,
  { rotatedBefore, expiredBefore }: { rotatedBefore: Date; expiredBefore: Date },
): Promise<number> {
  // Tokens first: of a session that has expired all are as old, and deleting it has nothing left to cascade to.
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
