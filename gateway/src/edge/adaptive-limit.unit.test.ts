import { AdaptiveLimit } from './adaptive-limit.ts';

const options = { most: 100, least: 5, targetMs: 1_000 };

/** Lets in as many as possible, for some time. */
function serve(limit: AdaptiveLimit, durationMs: number, loopDelayMs = 0): void {
  let taken = 0;
  while (limit.enter()) taken += 1;
  for (let n = 0; n < taken; n += 1) limit.leave(durationMs);
  limit.adapt(loopDelayMs);
}

test('lets in no more than its limit', () => {
  const limit = new AdaptiveLimit(options);
  expect(limit.current).toBe(40);
  for (let n = 0; n < 40; n += 1) expect(limit.enter()).toBe(true);
  expect(limit.enter()).toBe(false);
  limit.leave(1);
  expect(limit.enter()).toBe(true);
  expect(limit.inFlight).toBe(40);
});

test('grows to its most while operations are quick and it is used', () => {
  const limit = new AdaptiveLimit(options);
  serve(limit, 10);
  expect(limit.current).toBe(47);
  for (let n = 0; n < 50; n += 1) serve(limit, 10);
  expect(limit.current).toBe(100);
});

test('stays while it is not used', () => {
  const limit = new AdaptiveLimit(options);
  limit.enter();
  limit.leave(10);
  limit.adapt(0);
  expect(limit.current).toBe(40);
});

test.each([
  ['operations are slow', 2_000, 0],
  ['the event loop is late', 10, 500],
])('shrinks to its least while %s, and grows again', (_what, durationMs, loopDelayMs) => {
  const limit = new AdaptiveLimit(options);
  serve(limit, durationMs, loopDelayMs);
  expect(limit.current).toBe(32);
  for (let n = 0; n < 50; n += 1) serve(limit, durationMs, loopDelayMs);
  expect(limit.current).toBe(5);
  serve(limit, 10);
  expect(limit.current).toBeGreaterThan(5);
});

test('a few slow operations among many change nothing', () => {
  const limit = new AdaptiveLimit(options);
  for (let n = 0; n < 20; n += 1) limit.enter();
  for (let n = 0; n < 19; n += 1) limit.leave(10);
  limit.leave(5_000);
  limit.adapt(0);
  expect(limit.current).toBe(40);
});
