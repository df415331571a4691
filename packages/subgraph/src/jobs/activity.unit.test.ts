import { jest } from '@jest/globals';
import { Activity } from './activity.ts';

const never = new AbortController().signal;
let activity: Activity;

beforeEach(() => {
  jest.useFakeTimers();
  activity = new Activity();
});
afterEach(() => jest.useRealTimers());

/** Milliseconds until the pause ends. */
async function measureRest(everyMs: number, signal = never): Promise<number> {
  const startedAt = performance.now();
  let endedAt: number | undefined;
  void activity.rest(everyMs, signal).then(() => {
    endedAt = performance.now();
  });
  while (endedAt === undefined) await jest.advanceTimersByTimeAsync(10);
  return endedAt - startedAt;
}
const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

test.each([
  [0, 1_000, 1_000],
  [3_000, 1_000, 1_000],
  [12_000, 1_000, 3_000],
  [3_600_000, 1_000, 5_000],
  [3_601_500, 1_000, 3_500],
  [3_604_500, 1_000, 1_000],
  [3_600_000, 60_000, 60_000],
])('after %i ms without activity, a pause of %i ms takes %i ms', async (quietMs, everyMs, expected) => {
  await pass(quietMs);
  expect(await measureRest(everyMs)).toBeCloseTo(expected, -2);
});

test('the longest pauses of all jobs end together', async () => {
  await pass(60_700);
  const ends: number[] = [];
  const rest = () => activity.rest(1_000, never).then(() => ends.push(performance.now()));
  const first = rest();
  await pass(1_300);
  await Promise.all([first, rest(), pass(5_000)]);
  expect(ends[0]).toBe(ends[1]);
  expect((ends[0] ?? 0) % 5_000).toBeLessThan(10);
});

test('activity in a long pause ends it after the usual one', async () => {
  await pass(60_000);
  setTimeout(() => activity.note(), 1_500);
  expect(await measureRest(1_000)).toBeCloseTo(2_500, -2);
  expect(await measureRest(1_000)).toBeCloseTo(1_000, -2);
});

test('activity just before the end of a long pause does not make it longer', async () => {
  await pass(60_000);
  setTimeout(() => activity.note(), 4_800);
  expect(await measureRest(1_000)).toBeCloseTo(5_000, -2);
});

test('activity all the time does not end a usual pause early', async () => {
  const busy = setInterval(() => activity.note(), 10);
  expect(await measureRest(1_000)).toBeCloseTo(1_000, -2);
  clearInterval(busy);
});

test.each([0, 60_000])('a pause ends at once when its signal aborts, after %i ms without activity', async (quietMs) => {
  await pass(quietMs);
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 100);
  expect(await measureRest(1_000, stopping.signal)).toBeCloseTo(100, -2);
});
