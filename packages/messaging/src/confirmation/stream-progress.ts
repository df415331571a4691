import type { EventHeaders } from '../event.ts';
import { outboxSequenceHeader } from '../topology.ts';

/** How far a stream has come, by the places that its events have in their publisher's outbox. */
export class StreamProgress {
  readonly #idleAfterMs: number;
  #sequence = 0n;
  #advancedAt = performance.now();

  /** @param idleAfterMs milliseconds without a newer event after which the stream is not taken to be on its way */
  constructor(idleAfterMs: number) {
    this.#idleAfterMs = idleAfterMs;
  }

  /** Call it with the headers of each message that the stream delivers. */
  note(headers: EventHeaders): void {
    const text = headers[outboxSequenceHeader];
    if (text === undefined || !/^\d{1,19}$/.test(text)) return; // an event of an older release
    const sequence = BigInt(text);
    if (sequence <= this.#sequence) return;
    this.#sequence = sequence;
    this.#advancedAt = performance.now();
  }

  /**
   * Returns a test of places in the outbox: whether the stream may still deliver an event that the follower does not
   * have, because it is delivering newer and newer events and has not come to this one.
   *
   * All answers of one test hold for the moment of this call. Were the clock read for each place, the stream could become
   * idle between two of them, and the later event would be handed over before the earlier one.
   */
  expected(): (sequence: bigint) => boolean {
    if (this.isIdle()) return () => false;
    const delivered = this.#sequence;
    return (sequence) => sequence > delivered;
  }

  /** Returns whether the stream has delivered no newer event for that time. */
  isIdle(): boolean {
    return performance.now() - this.#advancedAt > this.#idleAfterMs;
  }
}
