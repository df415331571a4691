/** The pauses between attempts. The pause doubles from the first to the longest. */
export interface Backoff {
  /** Milliseconds before the second attempt. */
  readonly firstMs: number;
  /** Longest wait in milliseconds. */
  readonly maxMs: number;
}

/**
 * Returns the milliseconds to wait after the given number of failed attempts (1 or more).
 *
 * The wait is random between half of the nominal value and all of it, so that replicas that failed together do not retry together.
 */
export function delayAfter(failures: number, backoff: Backoff): number {
  const nominal = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(failures - 1, 30));
  return nominal * (0.5 + Math.random() / 2);
}

/** Waits. Returns early, without an error, when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}

/** Waits until a promise resolves or rejects, but not longer than the given milliseconds. Returns false after a timeout. */
export async function waitAtMost(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
