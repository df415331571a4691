import type { EventFeed, FeedEvent, FeedListener } from '../src/events/event-feed.ts';

/** A feed whose events a test sends by itself. */
export class ManualFeed implements EventFeed {
  readonly #listeners = new Set<FeedListener>();
  /** The streams whose events reach the gateway. */
  readonly current = new Set(['PRODUCT']);
  #sequence = 0;

  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  isCurrent(stream: string): boolean {
    return this.current.has(stream);
  }

  isFollowed(stream: string): boolean {
    return this.isCurrent(stream);
  }

  findStream(type: string): string | undefined {
    return /^shop\.(product|inventory)\./.test(type) ? 'PRODUCT' : undefined;
  }

  listAfter(): undefined {
    return undefined;
  }

  send(type: string, subject: string, data: unknown = {}): void {
    this.deliver(createFeedEvent({ sequence: (this.#sequence += 1), type, subject, data }));
  }

  deliver(event: FeedEvent): void {
    for (const { onEvent } of this.#listeners) onEvent(event);
  }

  loseEvents(stream = 'PRODUCT'): void {
    for (const { onGap } of this.#listeners) onGap(stream);
  }
}

/** An event of the stream PRODUCT. */
export function createFeedEvent(
  event: Pick<FeedEvent, 'sequence' | 'type' | 'subject'> & { data?: unknown },
): FeedEvent {
  const { sequence, data = {} } = event;
  return { ...event, stream: 'PRODUCT', time: new Date(), data, outboxSequence: BigInt(sequence) };
}
