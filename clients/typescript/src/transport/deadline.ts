/**
 * Runs work under a signal that fires when the caller's signal fires or the time is over. The reason is the caller's, or the
 * error from `createTimeout`. Afterwards no timer and no listener is left: the caller's signal may live as long as the app.
 */
export async function runWithDeadline<Result>(
  options: { timeoutMs: number; signal: AbortSignal | undefined; createTimeout: () => Error },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { timeoutMs, signal, createTimeout } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(createTimeout()), timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits for a promise until the signal fires. The promise itself continues, since other callers may wait for it. */
export async function waitUnlessAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
