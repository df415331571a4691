import type { Database } from './database.ts';
import { deleteInBatches } from './delete-in-batches.ts';

/** Deletes sessions that expired and tokens that were rotated before given times. Returns the number of deleted rows. */
export async function deleteEndedSessions(
  database: Database,
  { rotatedBefore, expiredBefore }: { rotatedBefore: Date; expiredBefore: Date },
): Promise<number> {
  // Tokens first: the rotated tokens of an expired session are all as old, so that deleting the session has nothing
  // left to cascade to.
  const rotated = { table: 'rotated_refresh_tokens', key: 'hash', column: 'rotated_at' };
  const tokens = await deleteInBatches(database, rotated, rotatedBefore);
  return (
    tokens + (await deleteInBatches(database, { table: 'sessions', key: 'id', column: 'expires_at' }, expiredBefore))
  );
}
