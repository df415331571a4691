/** When a message that was not accepted is tried again. */
export interface RetryPolicy {
  /** The pause after the first try, in milliseconds. It doubles with each try. */
  readonly firstMs: number;
  /** The longest pause, in milliseconds. */
  readonly maxMs: number;
  /** The number of tries after which a message has failed. */
  readonly attempts: number;
}

/** About a day: 8 tries within 22 minutes, then every 15 minutes. */
export const presetRetries: RetryPolicy = { firstMs: 5_000, maxMs: 900_000, attempts: 100 };

/**
 * The pause before the next try, in milliseconds. Null when all tries are used up.
 *
 * @param attempts the tries so far
 * @param chance from 0 to 1: it shortens the pause by up to a quarter, so that messages that failed together do not come back together
 */
export function planRetry(attempts: number, { firstMs, maxMs, attempts: max }: RetryPolicy, chance: number) {
  if (attempts >= max) return null;
  const pauseMs = Math.min(firstMs * 2 ** Math.max(0, attempts - 1), maxMs);
  return Math.round(pauseMs * (1 - chance / 4));
}
