import { pause } from '../async/wait.ts';

/** Options of {@link DeliveryProof}. */
export interface DeliveryProofOptions {
  /** Asks the broker. Resolves to true when everything that was stored before is handled. It must not reject. */
  readonly ask: () => Promise<boolean>;
  /** Milliseconds between two questions. */
  readonly everyMs: number;
  /** Milliseconds after the last wish to know, after which it asks no more. */
  readonly restAfterMs: number;
  readonly signal: AbortSignal;
}

/**
 * Knows until when everything was delivered. It asks the broker only while somebody wants to know: signs that come by themselves would
 * wake an idle process, and the broker, ten times a second.
 */
export class DeliveryProof {
  readonly #options: DeliveryProofOptions;
  #provenAt = -Infinity;
  #wantedAt = -Infinity;
  #isAsking = false;

  constructor(options: DeliveryProofOptions) {
    this.#options = options;
  }

  /** Notes a message or a sign of the broker that follows the ones before. */
  note(): void {
    this.#provenAt = performance.now();
  }

  /** Returns true when everything is delivered that the broker had `maxAgeMs` ago. The first answer after a rest is false. */
  isYoungerThan(maxAgeMs: number): boolean {
    const now = performance.now();
    this.#wantedAt = now;
    if (!this.#isAsking) void this.#askWhileWanted();
    return now - this.#provenAt < maxAgeMs;
  }

  async #askWhileWanted(): Promise<void> {
    const { ask, everyMs, restAfterMs, signal } = this.#options;
    this.#isAsking = true;
    while (!signal.aborted && performance.now() - this.#wantedAt < restAfterMs) {
      const askedAt = performance.now();
      // A message is as good as an answer.
      if (askedAt - this.#provenAt >= everyMs / 2 && (await ask())) this.#provenAt = Math.max(this.#provenAt, askedAt);
      await pause(everyMs, signal);
    }
    this.#isAsking = false;
  }
}
