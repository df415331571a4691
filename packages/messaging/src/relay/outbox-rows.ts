import type { StreamState } from '../broker/ensure-stream.ts';
import type { SqlExecutor } from '../sql.ts';

const lock = "hashtextextended('outbox relay', 0)";

/** Begins the transaction of a batch. Any number of replicas may be in one. */
export const beginBatch = `BEGIN; SELECT pg_advisory_xact_lock_shared(${lock})`;

/**
 * Begins the transaction that compares the stream with the outbox. It waits until no replica is between publishing and recording. Without
 * the lock, a replica could record an acknowledgement after the stream lost the message, and the loss would stay unseen.
 */
export const beginVerifying = `BEGIN; SELECT pg_advisory_xact_lock(${lock})`;

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

/** The broker's promise to keep an event. */
export interface Acknowledgement {
  /** The event's place in the outbox. */
  readonly sequence: string;
  readonly streamSequence: number;
  /** True if the broker already had the event. */
  readonly duplicate: boolean;
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
    AND NOT EXISTS (SELECT FROM batch WHERE batch.sequence = outbox.sequence)
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

const updatePublished = `
UPDATE outbox SET published_at = clock_timestamp(), stream_created = $1, stream_sequence = ack.stream_sequence
FROM unnest($2::bigint[], $3::bigint[]) AS ack(sequence, stream_sequence)
WHERE outbox.sequence = ack.sequence`;

/** Records which incarnation of the stream acknowledged the events, and their places in it. */
export async function markPublished(
  sql: SqlExecutor,
  streamCreated: Date,
  acks: readonly Acknowledgement[],
): Promise<void> {
  if (acks.length === 0) return;
  const values = [streamCreated, acks.map((ack) => ack.sequence), acks.map((ack) => ack.streamSequence)];
  await sql.query(updatePublished, values);
}

// Compared with < and > instead of <>, so that the index finds the rows without reading a week of them.
const updateLost = `
WITH lost AS (
  UPDATE outbox SET published_at = NULL, stream_created = NULL, stream_sequence = NULL
  WHERE (stream_created < $1 OR stream_created > $1 OR (stream_created = $1 AND stream_sequence > $2))
    AND published_at > clock_timestamp() - make_interval(secs => $3)
  RETURNING 1
) SELECT count(*)::int AS count FROM lost`;

/**
 * Makes events pending again that the stream acknowledged and then lost: events of another incarnation of the stream, and events beyond
 * its last message. Consumers recognise repeated events by their inbox.
 *
 * Messages that the stream deleted by its age limit are not lost: their rows are older than `maxAgeMs`, and the stream keeps counting.
 *
 * @returns Number of lost events.
 */
export async function requeueLost(sql: SqlExecutor, stream: StreamState, maxAgeMs: number): Promise<number> {
  const rows = await sql.query<{ count: number }>(updateLost, [stream.created, stream.lastSequence, maxAgeMs / 1000]);
  return rows[0]?.count ?? 0;
}
