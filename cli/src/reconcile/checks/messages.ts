import { findFollowers, type ServiceName } from '@shop/contracts';
import { findUnconfirmed, findUnpublished } from '@shop/messaging';
import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

/** The relay publishes an event within moments. One that waits for longer means that the relay or the broker is down. */
export async function checkPublished(
  snapshot: Snapshot,
  database: ServiceName,
  maxAgeMs: number,
): Promise<Difference[]> {
  const waiting = await findUnpublished(snapshot, maxAgeMs);
  if (waiting === undefined) return [];
  const { events, oldestSeconds } = waiting;
  const message = `${events} events wait to be published, the oldest for ${oldestSeconds} s`;
  return [{ check: 'outbox', subject: database, message }];
}

/** Each follower has an event within seconds. Otherwise it is down, or its handlers fail. */
export async function checkConfirmed(
  snapshot: Snapshot,
  database: ServiceName,
  maxAgeMs: number,
): Promise<Difference[]> {
  const waiting = await findUnconfirmed(snapshot, findFollowers(database), maxAgeMs);
  return waiting.map(({ follower, events, oldestSeconds, ids }) => ({
    check: 'outbox',
    subject: database,
    message:
      `${follower} has not confirmed ${events} events, the oldest for ${oldestSeconds} s: ` +
      ids.join(', ') +
      (events > ids.length ? ', …' : ''),
  }));
}

/** Counts the messages that a consumer has given up. They are not a difference, but may be the cause of one. */
export async function countDeadLetters(snapshot: Snapshot): Promise<number> {
  const [row] = await snapshot.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM dead_letters WHERE resolved_at IS NULL',
  );
  return row?.count ?? 0;
}
