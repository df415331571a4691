/**
 * Processes the items, `concurrency` at a time. It takes an item from the source only when a slot is free. After the
 * first failure it starts no more items, and throws the failure once the running ones have ended.
 */
export async function runInParallel<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failures: unknown[] = [];
  const run = async () => {
    while (failures.length === 0) {
      try {
        const next = await iterator.next();
        if (next.done === true) return;
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  await iterator.return?.();
  if (failures.length > 0) throw failures[0];
}

/** Runs the tasks, `concurrency` at a time, as {@link runInParallel} does. Returns their results in the order of the tasks. */
export async function collectInParallel<Result>(
  tasks: readonly (() => Promise<Result>)[],
  concurrency: number,
): Promise<Result[]> {
  const results: Result[] = [];
  await runInParallel(tasks.entries(), concurrency, async ([index, task]) => {
    results[index] = await task();
  });
  return results;
}
