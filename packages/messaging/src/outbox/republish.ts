import type { SqlExecutor } from '../sql.ts';

/** Selects published events. */
export interface PublishedFilter {
  /** Events that were published then or later. */
  readonly since: Date;
  /** Default: all types. */
  readonly type?: string;
  /** Default: all aggregates. */
  readonly aggregateId?: string;
}

/**
 * Header that makes each publication of an event different. The broker remembers the event's id for some minutes, and would otherwise
 * drop the new message as a duplicate.
 */
export const republishedHeader = 'republished';

const chunkSize = 1_000;

const matches = `
published_at >= $1::text::timestamptz AND ($2::text IS NULL OR type = $2::text) AND ($3::text IS NULL OR aggregate_id = $3::text)`;

// Oldest first, so that the events of an aggregate are published in order during this work.
const update = `
WITH chunk AS (
  SELECT sequence FROM outbox WHERE sequence > $4::text::bigint AND ${matches} ORDER BY sequence LIMIT ${chunkSize} FOR UPDATE
), republished AS (
  UPDATE outbox SET published_at = NULL,
    headers = headers || jsonb_build_object('${republishedHeader}', $5::text)
  FROM chunk WHERE outbox.sequence = chunk.sequence RETURNING outbox.sequence
)
SELECT count(*)::int AS count, max(sequence)::text AS last, pg_notify('outbox', '')::text FROM republished`;

/**
 * Makes published events pending again, for consumers that lost their data. The relay publishes them again. Consumers
 * that handled them before change nothing. Only events that are still in the outbox are published again.
 *
 * @param sql Must not run in a transaction: each chunk of 1000 events commits by itself. After a failure it is safe to
 * run it again.
 * @returns Number of events.
 */
export async function republishSince(sql: SqlExecutor, filter: PublishedFilter): Promise<number> {
  const at = new Date().toISOString();
  for (let total = 0, after = '0'; ;) {
    const rows = await sql.query<{ count: number; last: string | null }>(update, [...toValues(filter), after, at]);
    const { count = 0, last = null } = rows[0] ?? {};
    total += count;
    if (last === null || count < chunkSize) return total;
    after = last;
  }
}

/** Counts the events that {@link republishSince} would publish again. */
export async function countPublishedSince(sql: SqlExecutor, filter: PublishedFilter): Promise<number> {
  const rows = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox WHERE ${matches}`,
    toValues(filter),
  );
  return rows[0]?.count ?? 0;
}

function toValues({ since, type, aggregateId }: PublishedFilter): (string | null)[] {
  return [since.toISOString(), type ?? null, aggregateId ?? null];
}
