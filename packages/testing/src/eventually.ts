const PAUSE_MS = 25;

/**
 * Calls `check` until it does not throw, and returns its result. After `timeoutMs` (default 15 s) it throws the last
 * error.
 */
export async function eventually<Result>(
  check: () => Promise<Result> | Result,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
