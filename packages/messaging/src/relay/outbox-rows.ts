import type { SqlExecutor } from '../sql.ts';

/** A pending event that this transaction has locked. */
export interface PendingEvent {
  /** Decimal digits, since it may exceed the range of a number. */
  readonly sequence: string;
  readonly id: string;
  readonly type: string;
  readonly aggregate_id: string;
  /** Body of the message. */
  readonly body: string;
  readonly headers: Record<string, string>;
}

export interface PendingBatch {
  /** The events that may be published now. */
  readonly events: readonly PendingEvent[];
  /** Number of locked rows, including those that must wait for another replica. */
  readonly taken: number;
}

// Rows that another replica has locked are skipped. Later events of the same aggregate wait, so that they do not overtake them.
const selectPending = `
WITH batch AS MATERIALIZED (
  SELECT sequence, id, type, aggregate_id, payload, headers FROM outbox
  WHERE published_at IS NULL ORDER BY sequence LIMIT $1 FOR UPDATE SKIP LOCKED
), elsewhere AS MATERIALIZED (
  SELECT aggregate_id, min(sequence) AS sequence FROM outbox
  WHERE published_at IS NULL AND sequence < (SELECT max(sequence) FROM batch)
    AND sequence NOT IN (SELECT sequence FROM batch)
  GROUP BY aggregate_id
)
SELECT batch.sequence::text AS sequence, batch.id::text AS id, type, batch.aggregate_id, payload::text AS body, headers,
  NOT EXISTS (
    SELECT FROM elsewhere WHERE elsewhere.aggregate_id = batch.aggregate_id AND elsewhere.sequence < batch.sequence
  ) AS ready
FROM batch ORDER BY batch.sequence`;

/** Locks the oldest pending events, and returns those that may be published now, oldest first. */
export async function takeBatch(sql: SqlExecutor, size: number): Promise<PendingBatch> {
  const rows = await sql.query<PendingEvent & { ready: boolean }>(selectPending, [size]);
  return { events: rows.filter((row) => row.ready), taken: rows.length };
}

/** Records that the broker has acknowledged the events at these places of the outbox. */
export async function markPublished(sql: SqlExecutor, sequences: readonly string[]): Promise<void> {
  if (sequences.length === 0) return;
  await sql.query('UPDATE outbox SET published_at = clock_timestamp() WHERE sequence = ANY($1::bigint[])', [sequences]);
}
