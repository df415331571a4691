import { setImmediate } from 'node:timers/promises';
import { collectInParallel, runInParallel } from './in-parallel.ts';

/** A source that records how many items were taken, and whether it was closed. */
function createSource(count: number) {
  const seen = { taken: 0, isClosed: false };
  async function* items(): AsyncGenerator<number> {
    try {
      for (; seen.taken < count;) yield (seen.taken += 1);
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, items };
}

test('processes every item once, with the given number at a time', async () => {
  const { items } = createSource(20);
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await runInParallel(items(), 3, async (item) => {
    most = Math.max(most, (running += 1));
    await setImmediate();
    running -= 1;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('after a failure starts no more items, waits for the running ones, closes the source and throws', async () => {
  const { seen, items } = createSource(1_000);
  const done: number[] = [];
  const run = runInParallel(items(), 3, async (item) => {
    if (item === 2) throw new Error('second');
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    done.push(item);
  });
  await expect(run).rejects.toThrow('second');
  expect(seen).toEqual({ taken: 3, isClosed: true });
  expect(done).toEqual([1, 3]);
});

test('throws the failure of a source that breaks', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('unreadable');
  }
  await expect(runInParallel(broken(), 2, async () => {})).rejects.toThrow('unreadable');
});

test('as many tasks run at the same time as are allowed, and results have the order of the tasks', async () => {
  let running = 0;
  let most = 0;
  const task = (name: string, turns: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    running -= 1;
    return name;
  };
  const tasks = [task('a', 9), task('b', 1), task('c', 5), task('d', 1)];
  expect(await collectInParallel(tasks, 2)).toEqual(['a', 'b', 'c', 'd']);
  expect(most).toBe(2);
});

test('after a task that fails no other begins', async () => {
  const begun: number[] = [];
  const tasks = [1, 2, 3, 4].map((number) => async () => {
    begun.push(number);
    if (number === 1) throw new Error('unreachable');
  });
  await expect(collectInParallel(tasks, 2)).rejects.toThrow('unreachable');
  expect(begun).toEqual([1, 2]);
});
