import type { StreamState } from '../broker/ensure-stream.ts';
import type { SqlExecutor } from '../sql.ts';
import { markPublished } from './mark-published.ts';
import { publishBatch } from './publish-batch.ts';
import type { Acknowledgement, Publish } from './publish-batch.ts';
import { requeueLost } from './requeue-lost.ts';
import { takeBatch } from './take-batch.ts';

export interface BatchResult {
  /** Rows that were locked. */
  readonly taken: number;
  /** Those of them that might be published. */
  readonly ready: number;
  readonly published: number;
  readonly errors: readonly unknown[];
  /** The stream's last message, as far as this relay knows. */
  readonly lastSequence: number;
  /** Events that turned out to be lost, and are pending again. */
  readonly lost: number;
}

export interface BatchOptions {
  readonly publish: Publish;
  readonly stream: StreamState;
  readonly maxAgeMs: number;
  /** Called when the stream has lost messages, before others take their places. */
  readonly onLost: () => Promise<void>;
  readonly size: number;
}

/** Publishes one batch of pending events and records it, in one transaction that keeps other replicas from the same rows. */
export async function relayBatch(
  sql: SqlExecutor,
  { publish, stream, maxAgeMs, onLost, size }: BatchOptions,
): Promise<BatchResult> {
  const { events, taken } = await takeBatch(sql, size);
  const { acknowledged, errors } = await publishBatch(publish, events);
  const reused = firstReusedPlace(acknowledged, stream.lastSequence);
  // The stream has given a place away again, so all that it once had from there on is gone.
  const lost =
    reused === undefined ? 0 : await requeueLost(sql, { created: stream.created, lastSequence: reused - 1 }, maxAgeMs);
  if (lost > 0) await onLost();
  await markPublished(sql, stream.created, acknowledged);
  const lastSequence = Math.max(stream.lastSequence, ...acknowledged.map((ack) => ack.streamSequence));
  return { taken, ready: events.length, published: acknowledged.length, errors, lastSequence, lost };
}

function firstReusedPlace(acks: readonly Acknowledgement[], lastSequence: number): number | undefined {
  const reused = acks
    .filter((ack) => !ack.duplicate && ack.streamSequence <= lastSequence)
    .map((ack) => ack.streamSequence);
  return reused.length === 0 ? undefined : Math.min(...reused);
}
