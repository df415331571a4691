import { compareRepeated, median, quantile } from '../bench/results/statistics.ts';

test('median and quantile', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(3);
});

describe('repeated comparisons', () => {
  test('the mean of ratios is that of their logarithms', () => {
    expect(compareRepeated([2, 0.5]).percent).toBeCloseTo(0);
    expect(compareRepeated([1.1, 1.1, 1.1])).toEqual({
      percent: expect.closeTo(10) as number,
      plusMinus: expect.closeTo(0) as number,
    });
  });

  test('the interval has the true ratio in 19 of 20 series, and narrows with their length', () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const series = (length: number) =>
      compareRepeated(Array.from({ length }, () => 1.03 * Math.exp(0.1 * (random() + random() + random() - 1.5))));
    const results = Array.from({ length: 500 }, () => series(30));
    const hits = results.filter(({ percent, plusMinus }) => Math.abs(percent - 3) <= plusMinus).length;
    expect(hits).toBeGreaterThan(460);
    expect(hits).toBeLessThan(490);
    expect(series(120).plusMinus).toBeLessThan(series(30).plusMinus * 0.7);
  });
});
