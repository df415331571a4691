import { archiveOrders } from '../db/archive.ts';
import type { Dependencies } from './dependencies.ts';

/** Orders of one transaction. 500 take a few tenths of a second. */
const BATCH = 500;
const DAY_MS = 86_400_000;

/** Final orders that have not changed for so many days move into the archive. 0: none does. */
export interface ArchiveAge {
  readonly archiveAfterDays: number;
}

/** Moves a batch of final orders that have not changed for `archiveAfterDays` into the archive. Returns true when there may be more. */
export async function archiveOldOrders({
  database,
  archiveAfterDays,
  now,
}: Pick<Dependencies, 'database' | 'now'> & ArchiveAge): Promise<boolean> {
  if (archiveAfterDays === 0) return false;
  const before = new Date(now().getTime() - archiveAfterDays * DAY_MS);
  return (await database.transact((tx) => archiveOrders(tx, before, BATCH))) === BATCH;
}
