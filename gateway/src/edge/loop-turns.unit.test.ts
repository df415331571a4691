import { jest } from '@jest/globals';
import { LoopTurns } from './loop-turns.ts';

let now = 0;
beforeEach(() => void jest.spyOn(performance, 'now').mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

/** Lets time pass within one turn of the event loop. */
function work(ms: number): void {
  now += ms;
}
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('work starts at once while the turn has time, and in a later turn when it has none', async () => {
  const turns = new LoopTurns();
  expect(turns.enter()).toBeUndefined();
  expect(turns.enter()).toBeUndefined();
  work(11);
  const waiting = turns.enter();
  expect(waiting).toBeInstanceOf(Promise);
  await waiting;
  await nextTurn();
  await nextTurn();
  expect(turns.enter()).toBeUndefined();
});

test('the loop goes on between, and work starts in the order in which it came', async () => {
  const turns = new LoopTurns();
  const started: number[] = [];
  const turnsWithWork = new Set<number>();
  let turn = 0;
  let isDone = false;
  const countTurns = () => {
    turn += 1;
    if (!isDone) setImmediate(countTurns);
  };
  countTurns();
  expect(turns.enter()).toBeUndefined();
  work(11);
  await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      await turns.enter();
      await Promise.resolve(); // as hooks do before the work
      work(6);
      started.push(n);
      turnsWithWork.add(turn);
    }),
  );
  isDone = true;
  expect(started).toEqual(Array.from({ length: 20 }, (_, n) => n));
  // At most two pieces of 6 ms start in a turn of 10 ms.
  expect(turnsWithWork.size).toBeGreaterThanOrEqual(10);
});

test('work that comes later waits behind the work that waits already', async () => {
  const turns = new LoopTurns();
  const order: string[] = [];
  expect(turns.enter()).toBeUndefined();
  work(11);
  const first = turns.enter()?.then(() => {
    order.push('first');
    // Time is left in this turn, but others came before.
    return turns.enter()?.then(() => order.push('third'));
  });
  const second = turns.enter()?.then(() => order.push('second'));
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second', 'third']);
});
