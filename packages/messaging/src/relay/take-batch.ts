import type { SqlExecutor } from '../sql.ts';

/** A pending event, locked for this transaction. */
export interface PendingEvent {
  /** Decimal digits: it may exceed what a number holds. */
  readonly sequence: string;
  readonly id: string;
  readonly type: string;
  readonly aggregate_id: string;
  /** The message's body. */
  readonly body: string;
  readonly headers: Record<string, string>;
}

export interface Batch {
  readonly events: readonly PendingEvent[];
  /** Rows that were read, with those that must wait for another replica. */
  readonly taken: number;
}

// Rows that another replica has locked are skipped. A later event of the same aggregate must not overtake them, so it waits as well.
const select = `
WITH batch AS MATERIALIZED (
  SELECT sequence, id, type, aggregate_id, payload, headers FROM outbox
  WHERE published_at IS NULL ORDER BY sequence LIMIT $1 FOR UPDATE SKIP LOCKED
), elsewhere AS MATERIALIZED (
  SELECT aggregate_id, min(sequence) AS sequence FROM outbox
  WHERE published_at IS NULL AND sequence < (SELECT max(sequence) FROM batch)
    AND NOT EXISTS (SELECT FROM batch WHERE batch.sequence = outbox.sequence)
  GROUP BY aggregate_id
)
SELECT batch.sequence::text AS sequence, batch.id::text AS id, type, batch.aggregate_id, payload::text AS body, headers,
  NOT EXISTS (
    SELECT FROM elsewhere WHERE elsewhere.aggregate_id = batch.aggregate_id AND elsewhere.sequence < batch.sequence
  ) AS ready
FROM batch ORDER BY batch.sequence`;

/** Locks the oldest pending events, and returns those that may be published now, oldest first. */
export async function takeBatch(sql: SqlExecutor, size: number): Promise<Batch> {
  const rows = await sql.query<PendingEvent & { ready: boolean }>(select, [size]);
  return { events: rows.filter((row) => row.ready), taken: rows.length };
}
