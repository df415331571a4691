/**
 * Calls `attempt` until it returns something other than `undefined`.
 *
 * @param attempt - Called at once and then every `everyMs`. An error that it throws ends the polling.
 * @param options - `timeoutMs`: when to give up; `everyMs`: pause between attempts, default 25; `orElse`: creates the error.
 * @throws the error of `orElse` after `timeoutMs`.
 */
export async function poll<Result>(
  attempt: () => Promise<Result | undefined> | Result | undefined,
  options: { timeoutMs: number; everyMs?: number; orElse: () => Error },
): Promise<Result> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() >= deadline) throw options.orElse();
    await pause(options.everyMs ?? 25);
  }
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
