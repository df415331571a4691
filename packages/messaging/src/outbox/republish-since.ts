import type { SqlExecutor } from '../sql.ts';

/** Which published events. */
export interface PublishedFilter {
  /** Published then or later. */
  readonly since: Date;
  /** Default: of all types. */
  readonly type?: string;
  /** Default: of all aggregates. */
  readonly aggregateId?: string;
}

/**
 * A header that tells one publication of an event from an earlier one: its message would otherwise be dropped by the broker, which
 * knows the event's id for some minutes.
 */
export const republishedHeader = 'republished';

const chunkSize = 1_000;

const matches = `
published_at >= $1::text::timestamptz AND ($2::text IS NULL OR type = $2::text) AND ($3::text IS NULL OR aggregate_id = $3::text)`;

// Oldest first, so that the events of an aggregate are published in their order while this goes on.
const update = `
WITH chunk AS (
  SELECT sequence FROM outbox WHERE sequence > $4::text::bigint AND ${matches} ORDER BY sequence LIMIT ${chunkSize} FOR UPDATE
), republished AS (
  UPDATE outbox SET published_at = NULL, stream_created = NULL, stream_sequence = NULL,
    headers = headers || jsonb_build_object('${republishedHeader}', $5::text)
  FROM chunk WHERE outbox.sequence = chunk.sequence RETURNING outbox.sequence
)
SELECT count(*)::int AS count, max(sequence)::text AS last, pg_notify('outbox', '')::text FROM republished`;

/**
 * Makes published events pending again, for consumers that lost what they had: the relay publishes them anew, and consumers that had
 * them change nothing, by their inbox. Events that the outbox no longer has are not among them.
 *
 * @param sql Must not be in a transaction: each chunk of 1000 commits by itself, and running it again after it broke off does no harm.
 * @returns How many.
 */
export async function republishSince(sql: SqlExecutor, filter: PublishedFilter): Promise<number> {
  const at = new Date().toISOString();
  for (let total = 0, after = '0'; ;) {
    const rows = await sql.query<{ count: number; last: string | null }>(update, [...valuesOf(filter), after, at]);
    const { count = 0, last = null } = rows[0] ?? {};
    total += count;
    if (last === null || count < chunkSize) return total;
    after = last;
  }
}

/** How many events {@link republishSince} would publish again. */
export async function countPublishedSince(sql: SqlExecutor, filter: PublishedFilter): Promise<number> {
  const rows = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox WHERE ${matches}`,
    valuesOf(filter),
  );
  return rows[0]?.count ?? 0;
}

function valuesOf({ since, type, aggregateId }: PublishedFilter): (string | null)[] {
  return [since.toISOString(), type ?? null, aggregateId ?? null];
}
