import type { SqlExecutor } from '@shop/messaging';

/** An event that has waited for longer is not only queued behind others. */
const LATE = "interval '10 seconds'";

/**
 * Checks that the broker takes this service's events. It may be connected and refuse them, for example because its disk or the stream
 * is full.
 *
 * @throws Error when an event has waited in the outbox for more than ten seconds
 */
export async function requirePublished(sql: SqlExecutor): Promise<void> {
  const [answer] = await sql.query<{ isLate: boolean }>(
    `SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND created_at < clock_timestamp() - ${LATE}) AS "isLate"`,
  );
  if (answer?.isLate !== false) throw new Error('Events have waited in the outbox for more than 10 seconds.');
}
