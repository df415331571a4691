/**
 * Processes the items, `concurrency` at a time. It takes an item from the source only when a slot is free. After the
 * first failure it starts no more items, and throws the failure once the running ones have ended.
 */
export async function runInParallel<Item>(
  items: AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
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
