import type { FeedEvent } from '../events/event-feed.ts';

/** Finds the newest event up to which every change was shown. Changes are shown out of order: each object has its own reads. */
export class SettledEvents {
  /** In the order of the stream. The value is the object that is read because of the event. */
  readonly #open = new Map<FeedEvent, unknown>();
  readonly #closed = new Set<FeedEvent>();
  #newest: FeedEvent | undefined;

  /** Undefined before the first. */
  get newest(): FeedEvent | undefined {
    return this.#newest;
  }

  begin(event: FeedEvent, object: unknown): void {
    this.#open.set(event, object);
  }

  /** All events so far about an object are shown. */
  settle(object: unknown): void {
    for (const [event, about] of this.#open) if (about === object) this.#closed.add(event);
    for (const event of this.#open.keys()) {
      if (!this.#closed.delete(event)) return;
      this.#open.delete(event);
      this.#newest = event;
    }
  }
}
