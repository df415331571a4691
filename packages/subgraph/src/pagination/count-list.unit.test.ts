import { countLazily, countTogether, type CountLimit, MAX_COUNTED, selectCount } from './count-list.ts';

const of = (items: number) => (limit: CountLimit) => Math.min(items, limit ?? items);

test.each([
  [0, { count: 0, isCapped: false }],
  [9_999, { count: 9_999, isCapped: false }],
  [10_000, { count: 10_000, isCapped: false }],
  [10_001, { count: 10_000, isCapped: true }],
  [1_000_000, { count: 10_000, isCapped: true }],
])('a list of %d items has an exact count, and one with a cap', async (items, capped) => {
  const counts = countLazily(async (limit) => of(items)(limit));
  expect(await counts.totalCount()).toBe(items);
  expect(await counts.cappedCount()).toEqual(capped);
});

test('a count is made when it is asked for, once, and reads one item more than the cap', async () => {
  const limits: CountLimit[] = [];
  const counts = countLazily(async (limit) => limits.push(limit));
  expect(limits).toEqual([]);
  await Promise.all([counts.cappedCount(), counts.cappedCount(), counts.totalCount(), counts.totalCount()]);
  expect(limits).toEqual([MAX_COUNTED + 1, null]);
});

test('the lists of several parents share a count, and a parent without items has none', async () => {
  const limits: CountLimit[] = [];
  const countsOf = countTogether(async (limit) => {
    limits.push(limit);
    return new Map([['a', of(20_000)(limit)]]);
  });
  expect(await Promise.all(['a', 'b'].map((id) => countsOf(id).cappedCount()))).toEqual([
    { count: 10_000, isCapped: true },
    { count: 0, isCapped: false },
  ]);
  expect(await Promise.all(['a', 'b'].map((id) => countsOf(id).totalCount()))).toEqual([20_000, 0]);
  expect(limits).toEqual([MAX_COUNTED + 1, null]);
});

test('only a count with a limit limits the rows that it reads', () => {
  expect(selectCount('SELECT FROM orders', null)).not.toContain('LIMIT');
  expect(selectCount('SELECT FROM orders', 10_001)).toContain('(SELECT FROM orders LIMIT 10001)');
});
