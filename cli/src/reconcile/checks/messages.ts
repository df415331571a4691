import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

/** The relay publishes an event within moments. One that waits for longer means that the relay or the broker is down. */
export async function checkOutbox(snapshot: Snapshot, database: string, maxAgeMs: number): Promise<Difference[]> {
  const [row] = await snapshot.query<{ count: number; seconds: number | null }>(
    `SELECT count(*)::int AS count, extract(epoch FROM clock_timestamp() - min(created_at))::int AS seconds
       FROM outbox WHERE published_at IS NULL AND created_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [maxAgeMs],
  );
  if (row === undefined || row.count === 0) return [];
  return [
    {
      check: 'outbox',
      subject: database,
      message: `${row.count} events wait to be published, the oldest for ${row.seconds} s`,
    },
  ];
}

/** Counts the messages that a consumer has given up. They are not a difference, but may be the cause of one. */
export async function countDeadLetters(snapshot: Snapshot): Promise<number> {
  const [row] = await snapshot.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM dead_letters WHERE resolved_at IS NULL',
  );
  return row?.count ?? 0;
}
