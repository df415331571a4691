import type { EventHeaders } from '../event.ts';
import { outboxSequenceHeader } from '../topology.ts';

/** Without a new event for so long, the stream is not taken to be on its way. */
const idleMs = 5_000;

/** How far a stream has come, by the places that its events have in their publisher's outbox. */
export class StreamProgress {
  #sequence = 0n;
  #advancedAt = performance.now();

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
   * Returns whether the stream may still deliver an event that the follower does not have: it is delivering newer and
   * newer events, and has not come to this one.
   */
  mayDeliver(sequence: bigint): boolean {
    return !this.isIdle() && sequence > this.#sequence;
  }

  /** Returns whether the stream has delivered no newer event for some seconds. */
  isIdle(): boolean {
    return performance.now() - this.#advancedAt > idleMs;
  }
}
