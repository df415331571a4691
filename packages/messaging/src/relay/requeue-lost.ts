import type { StreamState } from '../broker/ensure-stream.ts';
import type { SqlExecutor } from '../sql.ts';

// Compared with < and > instead of <>, so that the index finds the rows without reading a week of them.
const update = `
WITH lost AS (
  UPDATE outbox SET published_at = NULL, stream_created = NULL, stream_sequence = NULL
  WHERE (stream_created < $1 OR stream_created > $1 OR (stream_created = $1 AND stream_sequence > $2))
    AND published_at > clock_timestamp() - make_interval(secs => $3)
  RETURNING 1
) SELECT count(*)::int AS count FROM lost`;

/**
 * Makes events pending again that the stream promised to keep and does not have: those that another incarnation of it got, and those
 * beyond its last message. Consumers know repeated events by their inbox.
 *
 * Messages that the stream let go of by its age limit are no loss: they are as old as that, and a stream keeps counting.
 *
 * @returns How many events were lost.
 */
export async function requeueLost(sql: SqlExecutor, stream: StreamState, maxAgeMs: number): Promise<number> {
  const rows = await sql.query<{ count: number }>(update, [stream.created, stream.lastSequence, maxAgeMs / 1000]);
  return rows[0]?.count ?? 0;
}
