import { toSubjectExpression } from '../consumer/subject.ts';
import type { SqlExecutor } from '../sql.ts';
import { durableName } from '../topology.ts';
import type { ConsumerDefinition } from '../topology.ts';

/** Events that have waited for too long. */
export interface WaitingEvents {
  readonly events: number;
  /** Seconds since the oldest of them was committed. */
  readonly oldestSeconds: number;
  /** Ids of the oldest, ten at most. */
  readonly ids: readonly string[];
}

/** Events that a follower has not confirmed. */
export interface UnconfirmedEvents extends WaitingEvents {
  /** Durable name of the consumer. */
  readonly follower: string;
}

const select = `
SELECT count(*)::int AS events, extract(epoch FROM clock_timestamp() - min(created_at))::int AS "oldestSeconds",
  (array_agg(id::text ORDER BY sequence))[1:10] AS ids
FROM outbox WHERE created_at < clock_timestamp() - make_interval(secs => $1::float8)`;

const selectUnpublished = `${select} AND published_at IS NULL`;

/** The condition for rows of the outbox that a follower has not confirmed. */
export const isUnconfirmed = (follower: string): string => `(
  sequence > coalesce((SELECT confirmed_sequence FROM outbox_followers WHERE consumer = ${follower}::text), 0)
  OR sequence = ANY(ARRAY(SELECT unnest(open_sequences) FROM outbox_followers WHERE consumer = ${follower}::text)))`;

interface FollowerPlace {
  readonly consumer: string;
  readonly confirmed: string;
  readonly open: string;
  /** True when the follower has confirmed the whole outbox. */
  readonly isComplete: boolean;
}

const selectFollowers = `
SELECT consumer, confirmed_sequence::text AS confirmed, open_sequences::text AS open,
  open_sequences = '{}' AND confirmed_sequence >= coalesce((SELECT max(sequence) FROM outbox), 0) AS "isComplete"
FROM outbox_followers`;

// With the values of the follower, PostgreSQL knows that few rows are beyond them, and reads these by the primary key.
const selectUnconfirmed = `${select} AND type ~ $2::text AND (sequence > $3::bigint OR sequence = ANY($4::bigint[]))`;

/**
 * Finds the events of an outbox that the broker has not acknowledged.
 *
 * @param maxAgeMs How long an event may wait, in milliseconds.
 * @returns undefined when there is none.
 */
export async function findUnpublished(sql: SqlExecutor, maxAgeMs: number): Promise<WaitingEvents | undefined> {
  const [row] = await sql.query<WaitingEvents>(selectUnpublished, [maxAgeMs / 1000]);
  return row && row.events > 0 ? row : undefined;
}

/**
 * Finds the events of an outbox that its followers have not confirmed.
 *
 * @param followers The consumers of the service's stream.
 * @param maxAgeMs How long an event may wait, in milliseconds. A confirmation takes 12 seconds, and after a rest up to 22.
 */
export async function findUnconfirmed(
  sql: SqlExecutor,
  followers: readonly ConsumerDefinition[],
  maxAgeMs: number,
): Promise<UnconfirmedEvents[]> {
  const rows = await sql.query<FollowerPlace>(selectFollowers);
  const places = new Map(rows.map((row) => [row.consumer, row]));
  const found: UnconfirmedEvents[] = [];
  for (const { subjects, ...consumer } of followers) {
    const follower = durableName(consumer);
    const place = places.get(follower);
    if (place?.isComplete === true) continue;
    const values = [maxAgeMs / 1000, toSubjectExpression(subjects), place?.confirmed ?? '0', place?.open ?? '{}'];
    const [row] = await sql.query<WaitingEvents>(selectUnconfirmed, values);
    if (row && row.events > 0) found.push({ follower, ...row });
  }
  return found;
}
