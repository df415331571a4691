import { runSideBySide } from './run-side-by-side.ts';

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
  expect(await runSideBySide(2, tasks)).toEqual(['a', 'b', 'c', 'd']);
  expect(most).toBe(2);
});

test('after a task that fails no other begins', async () => {
  const begun: number[] = [];
  const tasks = [1, 2, 3, 4].map((number) => async () => {
    begun.push(number);
    if (number === 1) throw new Error('unreachable');
  });
  await expect(runSideBySide(2, tasks)).rejects.toThrow('unreachable');
  expect(begun).toEqual([1, 2]);
});
