import type { SqlExecutor } from '../sql.ts';
import type { Acknowledgement } from './publish-batch.ts';

const update = `
UPDATE outbox SET published_at = clock_timestamp(), stream_created = $1, stream_sequence = ack.stream_sequence
FROM unnest($2::bigint[], $3::bigint[]) AS ack(sequence, stream_sequence)
WHERE outbox.sequence = ack.sequence`;

/** Records which incarnation of the stream promised to keep the events, and at which places. */
export async function markPublished(
  sql: SqlExecutor,
  streamCreated: Date,
  acks: readonly Acknowledgement[],
): Promise<void> {
  if (acks.length === 0) return;
  await sql.query(update, [streamCreated, acks.map((ack) => ack.sequence), acks.map((ack) => ack.streamSequence)]);
}
