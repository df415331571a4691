import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

/** Events leave their outbox within moments: one that has waited for longer means that its relay or the broker is away. */
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
      message: `${row.count} events wait to be published, the first for ${row.seconds} s`,
    },
  ];
}

/** Messages that a consumer has given up. They are no difference by themselves, and may be the reason of one. */
export async function countDeadLetters(snapshot: Snapshot): Promise<number> {
  const [row] = await snapshot.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM dead_letters WHERE resolved_at IS NULL',
  );
  return row?.count ?? 0;
}
