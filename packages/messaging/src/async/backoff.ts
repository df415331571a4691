/** How long to wait between attempts: doubling from the first to the longest wait. */
export interface Backoff {
  /** Milliseconds before the second attempt. */
  readonly firstMs: number;
  /** No wait is longer, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Milliseconds to wait after the given number of failed attempts (1 or more).
 *
 * Between half of the nominal wait and all of it at random: replicas that failed together do not come back together.
 */
export function delayAfter(failures: number, backoff: Backoff): number {
  const nominal = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(failures - 1, 30));
  return nominal * (0.5 + Math.random() / 2);
}
