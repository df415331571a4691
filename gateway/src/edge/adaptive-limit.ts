export interface AdaptiveLimitOptions {
  /** The limit is never above this number of operations in flight. */
  readonly most: number;
  /** It is never below this number. */
  readonly least: number;
  /** The limit shrinks while a tenth of the operations take longer, in milliseconds. */
  readonly targetMs: number;
}

/** The loop of events is late by more than this only when the process has more work than time. */
const maxLoopDelayMs = 150;

/**
 * A limit of operations in flight that adapts to their latency, as TCP's window does: it grows by a few while operations are quick
 * and it is used, and shrinks by a fifth while they are slow.
 */
export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions;
  #limit: number;
  #inFlight = 0;
  /** The most in flight since the limit was adapted. */
  #peak = 0;
  #durations: number[] = [];

  constructor(options: AdaptiveLimitOptions) {
    this.#options = options;
    this.#limit = Math.max(options.least, Math.min(options.most, 8 * options.least));
  }

  get current(): number {
    return this.#limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes a place. Returns false when there is none. */
  enter(): boolean {
    if (this.#inFlight >= this.#limit) return false;
    this.#inFlight += 1;
    this.#peak = Math.max(this.#peak, this.#inFlight);
    return true;
  }

  leave(durationMs: number): void {
    this.#inFlight -= 1;
    this.#durations.push(durationMs);
  }

  /** @param loopDelayMs how late the loop of events was */
  adapt(loopDelayMs: number): void {
    const { least, most, targetMs } = this.#options;
    const sorted = this.#durations.sort((a, b) => a - b);
    const slow = sorted[Math.floor(0.9 * sorted.length)] ?? 0;
    if (slow > targetMs || loopDelayMs > maxLoopDelayMs) this.#limit = Math.max(least, Math.floor(0.8 * this.#limit));
    else if (this.#peak >= this.#limit) this.#limit = Math.min(most, this.#limit + Math.ceil(Math.sqrt(this.#limit)));
    this.#durations = [];
    this.#peak = this.#inFlight;
  }
}
