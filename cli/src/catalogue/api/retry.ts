import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from './failures.ts';

export interface Backoff {
  /** Before the second try; doubled each time, with up to half of it taken off by chance. Default 250. */
  readonly firstMs?: number;
  /** Default 8000. */
  readonly longestMs?: number;
  /** Default 8: some half a minute in all. */
  readonly tries?: number;
}

/** Does it again while it is Unavailable, with growing pauses. What is done must stand being done twice. */
export async function retry<Result>(
  work: () => Promise<Result>,
  { firstMs = 250, longestMs = 8_000, tries = 8 }: Backoff = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt >= tries) throw error;
    }
    const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
    await pause(full * (0.5 + Math.random() / 2));
  }
}
