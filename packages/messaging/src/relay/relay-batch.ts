import type { StreamState } from '../broker/ensure-stream.ts';
import type { SqlExecutor } from '../sql.ts';
import { markPublished, requeueLost, takeBatch } from './outbox-rows.ts';
import type { Acknowledgement, PendingEvent } from './outbox-rows.ts';

export interface BatchResult {
  /** Number of locked rows. */
  readonly taken: number;
  /** Number of them that could be published. */
  readonly ready: number;
  readonly published: number;
  /** One error for each aggregate whose events could not all be published. */
  readonly errors: readonly unknown[];
  /** Place of the stream's last message, as far as this relay knows. */
  readonly lastSequence: number;
  /** Number of events that the stream lost. They are pending again. */
  readonly lost: number;
}

/** Publishes one event, and resolves when the broker has acknowledged it. */
export type Publish = (event: PendingEvent) => Promise<Acknowledgement>;

export interface BatchOptions {
  readonly publish: Publish;
  readonly stream: StreamState;
  readonly maxAgeMs: number;
  /** Called when the stream has lost messages, before other messages take their places. */
  readonly onLost: () => Promise<void>;
  readonly size: number;
}

/** Publishes one batch of pending events and records it, in one transaction that locks their rows. */
export async function relayBatch(
  sql: SqlExecutor,
  { publish, stream, maxAgeMs, onLost, size }: BatchOptions,
): Promise<BatchResult> {
  const { events, taken } = await takeBatch(sql, size);
  const { acknowledged, errors } = await publishBatch(publish, events);
  const reused = findFirstReusedPlace(acknowledged, stream.lastSequence);
  // The stream gave a place a second time. So it has lost every message from that place on.
  const lost =
    reused === undefined ? 0 : await requeueLost(sql, { created: stream.created, lastSequence: reused - 1 }, maxAgeMs);
  if (lost > 0) await onLost();
  await markPublished(sql, stream.created, acknowledged);
  const lastSequence = Math.max(stream.lastSequence, ...acknowledged.map((ack) => ack.streamSequence));
  return { taken, ready: events.length, published: acknowledged.length, errors, lastSequence, lost };
}

/**
 * Publishes the events of one aggregate one after the other, and those of different aggregates at the same time. An event that fails
 * holds back the later events of its aggregate.
 */
async function publishBatch(publish: Publish, events: readonly PendingEvent[]) {
  const acknowledged: Acknowledgement[] = [];
  const errors: unknown[] = [];
  const publishInOrder = async (chain: readonly PendingEvent[]): Promise<void> => {
    try {
      for (const event of chain) acknowledged.push(await publish(event));
    } catch (error) {
      errors.push(error);
    }
  };
  await Promise.all(Array.from(groupByAggregate(events), publishInOrder));
  return { acknowledged, errors };
}

function groupByAggregate(events: readonly PendingEvent[]): Iterable<PendingEvent[]> {
  const byAggregate = new Map<string, PendingEvent[]>();
  for (const event of events) {
    const chain = byAggregate.get(event.aggregate_id);
    if (chain) chain.push(event);
    else byAggregate.set(event.aggregate_id, [event]);
  }
  return byAggregate.values();
}

function findFirstReusedPlace(acks: readonly Acknowledgement[], lastSequence: number): number | undefined {
  const reused = acks
    .filter((ack) => !ack.duplicate && ack.streamSequence <= lastSequence)
    .map((ack) => ack.streamSequence);
  return reused.length === 0 ? undefined : Math.min(...reused);
}
