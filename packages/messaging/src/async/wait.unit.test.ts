import { delayAfter } from './wait.ts';

const backoff = { firstMs: 100, maxMs: 30_000 };

test('waits double from the first to the longest, with half of the wait random', () => {
  for (const [failures, nominal] of [
    [1, 100],
    [2, 200],
    [5, 1_600],
    [9, 25_600],
    [10, 30_000],
    [10_000, 30_000],
  ] as const) {
    const delays = Array.from({ length: 200 }, () => delayAfter(failures, backoff));
    expect(Math.max(...delays)).toBeLessThanOrEqual(nominal);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(nominal / 2);
    expect(new Set(delays).size).toBeGreaterThan(100);
  }
});
