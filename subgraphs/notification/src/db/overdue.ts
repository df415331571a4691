import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

/** A message that waits for so much longer than other work is overdue also while it is tried again and again. */
const RETRIED_FACTOR = 10;

/**
 * Counts messages that have waited for longer than the given milliseconds: those that are due and that nobody sends, and those that are
 * tried again for ten times as long. Also those to the staff that nobody has handed out.
 */
export async function countOverdue(
  { database }: { readonly database: Database },
  maxAgeMs: number,
): Promise<Record<string, number>> {
  const [counts] = await sqlOver(database.client).query<{ messages: number; announcements: number }>(
    `WITH due AS (SELECT clock_timestamp() - make_interval(secs => $1::float8) AS time,
                        clock_timestamp() - make_interval(secs => $2::float8) AS retried)
    SELECT (SELECT count(*) FROM notifications, due WHERE status = 'QUEUED' AND (due_at < time OR created_at < retried))::int AS messages,
           (SELECT count(*) FROM announcements, due WHERE done_at IS NULL AND created_at < time)::int AS announcements`,
    [maxAgeMs / 1_000, (maxAgeMs * RETRIED_FACTOR) / 1_000],
  );
  const { messages = 0, announcements = 0 } = counts ?? {};
  return { 'queued messages': messages, 'messages to the staff': announcements };
}
