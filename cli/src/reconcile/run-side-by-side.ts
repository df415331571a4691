/**
 * Runs tasks, at most `atOnce` at the same time, and returns their results in the order of the tasks. After one that fails, no other
 * begins.
 */
export async function runSideBySide<Result>(
  atOnce: number,
  tasks: readonly (() => Promise<Result>)[],
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = tasks.entries();
  let hasFailed = false;
  const runNext = async (): Promise<void> => {
    for (const [index, task] of waiting) {
      if (hasFailed) return;
      try {
        results[index] = await task();
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runNext));
  return results;
}
