import { deleteOldMessages } from '../db/old-messages.ts';
import type { Dependencies } from './dependencies.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Deletes a batch of messages after their retention time. Returns whether there may be more. */
export async function forgetOldMessages({
  database,
  now,
  retentionDays,
  logger,
}: Pick<Dependencies, 'database' | 'now' | 'retentionDays' | 'logger'>): Promise<boolean> {
  const before = new Date(now().getTime() - retentionDays * DAY_MS);
  const { deleted, hasMore } = await deleteOldMessages(database.client, before);
  if (deleted > 0) logger.debug({ deleted }, 'old messages were deleted');
  return hasMore;
}
