import type { PendingEvent } from './take-batch.ts';

/** The broker's promise to keep an event. */
export interface Acknowledgement {
  /** The event's place in the outbox. */
  readonly sequence: string;
  readonly streamSequence: number;
  /** The broker had it already. */
  readonly duplicate: boolean;
}

export interface PublishResult {
  readonly acknowledged: readonly Acknowledgement[];
  /** What went wrong, once for each aggregate whose events could not all be published. */
  readonly errors: readonly unknown[];
}

/** Publishes one event, and resolves when the broker promised to keep it. */
export type Publish = (event: PendingEvent) => Promise<Acknowledgement>;

/**
 * Publishes events: those of different aggregates at once, those of one aggregate one after the other.
 *
 * An event that fails holds back the later ones of its aggregate, so that none overtakes it.
 */
export async function publishBatch(publish: Publish, events: readonly PendingEvent[]): Promise<PublishResult> {
  const acknowledged: Acknowledgement[] = [];
  const errors: unknown[] = [];
  await Promise.all(
    [...chains(events)].map(async (chain) => {
      try {
        for (const event of chain) acknowledged.push(await publish(event));
      } catch (error) {
        errors.push(error);
      }
    }),
  );
  return { acknowledged, errors };
}

function chains(events: readonly PendingEvent[]): Iterable<PendingEvent[]> {
  const byAggregate = new Map<string, PendingEvent[]>();
  for (const event of events) {
    const chain = byAggregate.get(event.aggregate_id);
    if (chain) chain.push(event);
    else byAggregate.set(event.aggregate_id, [event]);
  }
  return byAggregate.values();
}
