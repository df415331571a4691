import { coalesce } from './coalesce.ts';

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Work that waits until `letGo` is called, with a record of its calls. */
function heldWork() {
  const calls: number[][] = [];
  const doors: (() => void)[] = [];
  const work = async (items: readonly number[]) => {
    calls.push([...items]);
    await new Promise<void>((resolve) => {
      doors.push(resolve);
    });
    return items.map((item) => item * 10);
  };
  return { calls, work, letGo: () => doors.shift()?.() };
}

test('calls for a single item at once, and combines items that arrive meanwhile into the next call', async () => {
  const { calls, work, letGo } = heldWork();
  const ask = coalesce(work, { name: 'work', inFlight: 1, batch: 3, waiting: 10 });
  const answers = Promise.all([1, 2, 3, 4, 5].map((item) => ask(item)));
  expect(calls).toEqual([[1]]);
  for (const expected of [
    [[1], [2, 3, 4]],
    [[1], [2, 3, 4], [5]],
  ]) {
    letGo();
    await turn();
    expect(calls).toEqual(expected);
  }
  letGo();
  expect(await answers).toEqual([10, 20, 30, 40, 50]);
  const later = ask(6);
  expect(calls.at(-1)).toEqual([6]);
  letGo();
  expect(await later).toBe(60);
});

test('starts another concurrent call only with a full batch, up to the allowed number', async () => {
  const { calls, work, letGo } = heldWork();
  const ask = coalesce(work, { name: 'work', inFlight: 2, batch: 2, waiting: 10 });
  const answers = Promise.all([1, 2, 3, 4, 5, 6].map((item) => ask(item)));
  expect(calls).toEqual([[1], [2, 3]]);
  letGo();
  await turn();
  expect(calls).toEqual([[1], [2, 3], [4, 5]]);
  letGo();
  await turn();
  expect(calls).toEqual([[1], [2, 3], [4, 5]]);
  letGo();
  await turn();
  expect(calls).toEqual([[1], [2, 3], [4, 5], [6]]);
  letGo();
  expect(await answers).toEqual([10, 20, 30, 40, 50, 60]);
});

test('rejects one item for its own error, all items when the call fails, and then continues', async () => {
  const ask = coalesce(
    async (items: readonly number[]) => {
      if (items.includes(99)) throw new Error('away');
      return items.map((item) => (item < 0 ? new Error(`no ${item}`) : item));
    },
    { name: 'work', inFlight: 1, batch: 10, waiting: 10 },
  );
  const settle = async (...items: number[]) =>
    (await Promise.allSettled(items.map((item) => ask(item)))).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message,
    );
  expect(await settle(1, 2, -3, 4)).toEqual([1, 2, 'no -3', 4]);
  expect(await settle(1, 2, 99)).toEqual([1, 'away', 'away']);
  expect(await settle(5)).toEqual([5]);
});

test('rejects only the items that exceed the waiting limit', async () => {
  const { work, letGo } = heldWork();
  const ask = coalesce(work, { name: 'work', inFlight: 1, batch: 10, waiting: 2 });
  const answers = [1, 2, 3].map((item) => ask(item));
  await expect(ask(4)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
  letGo();
  await turn();
  letGo();
  expect(await Promise.all(answers)).toEqual([10, 20, 30]);
});

test('a call begins when its schedule says so, with all that came until then', async () => {
  const { calls, work, letGo } = heldWork();
  const begins: (() => void)[] = [];
  const ask = coalesce(work, {
    name: 'work',
    inFlight: 1,
    batch: 3,
    waiting: 10,
    schedule: (begin) => void begins.push(begin),
  });
  const first = Promise.all([ask(1), ask(2)]);
  expect([calls, begins.length]).toEqual([[], 1]);
  begins[0]?.();
  const later = ask(3);
  expect([calls, begins.length]).toEqual([[[1, 2]], 1]);
  letGo();
  expect(await first).toEqual([10, 20]);
  await turn();
  // It has waited for the call before, and does not wait again.
  expect(calls).toEqual([[1, 2], [3]]);
  letGo();
  expect(await later).toBe(30);
  await turn();
  const last = ask(4);
  expect([calls.length, begins.length]).toEqual([2, 2]);
  begins[1]?.();
  letGo();
  expect(await last).toBe(40);
});
