import { SpanKind } from '@opentelemetry/api';
import type { SqlExecutor } from '../sql.ts';
import { describeMessage, readTrace, writeTrace } from '../tracing/current-trace.ts';
import { startSharedWork } from '../tracing/shared-work.ts';
import { markPublished, takeBatch } from './outbox-rows.ts';
import type { PendingEvent } from './outbox-rows.ts';

export interface BatchResult {
  /** Number of locked rows. */
  readonly taken: number;
  /** Number of them that could be published. */
  readonly ready: number;
  readonly published: number;
  /** One error for each aggregate whose events could not all be published. */
  readonly errors: readonly unknown[];
}

/** Publishes one event, and resolves when the broker has acknowledged it. */
export type Publish = (event: PendingEvent) => Promise<void>;

/** Publishes one batch of pending events and records it, in one transaction that locks their rows. */
export async function relayBatch(sql: SqlExecutor, publish: Publish, size: number): Promise<BatchResult> {
  const { events, taken } = await takeBatch(sql, size);
  const { acknowledged, errors } = await publishBatch(publish, events);
  await markPublished(sql, acknowledged);
  return { taken, ready: events.length, published: acknowledged.length, errors };
}

/**
 * Publishes the events of one aggregate one after the other, and those of different aggregates at the same time. An event that fails
 * holds back the later events of its aggregate.
 */
async function publishBatch(publish: Publish, events: readonly PendingEvent[]) {
  const acknowledged: string[] = [];
  const errors: unknown[] = [];
  const spans = startSpans(events);
  const publishInOrder = async (chain: readonly PendingEvent[]): Promise<void> => {
    for (const event of chain) {
      try {
        await publish(spans?.addTrace(event) ?? event);
      } catch (error) {
        spans?.end(event, error);
        errors.push(error);
        return;
      }
      spans?.end(event);
      acknowledged.push(event.sequence);
    }
  };
  await Promise.all(Array.from(groupByAggregate(events), publishInOrder));
  spans?.endAll();
  return { acknowledged, errors };
}

/** Starts a span for each event whose trace is recorded. The message carries the trace on from there. */
function startSpans(events: readonly PendingEvent[]) {
  const work = startSharedWork(
    'publish batch',
    events.map(({ id, type, aggregate_id: subject, headers }) => ({
      parent: readTrace(headers),
      name: `publish ${type}`,
      kind: SpanKind.PRODUCER,
      attributes: describeMessage('publish', 'send', { id, type, subject }),
    })),
  );
  if (work === undefined) return undefined;
  const indexes = new Map(events.map((event, index) => [event, index]));
  const indexOf = (event: PendingEvent): number => indexes.get(event) ?? -1;
  return {
    addTrace(event: PendingEvent): PendingEvent {
      const own = work.contexts[indexOf(event)];
      return own === undefined ? event : { ...event, headers: { ...event.headers, ...writeTrace(own) } };
    },
    end: (event: PendingEvent, error?: unknown): void => work.endPart(indexOf(event), error),
    endAll: (): void => work.end(),
  };
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
