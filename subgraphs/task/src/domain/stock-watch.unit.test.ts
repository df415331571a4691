import { findReturnLevel, followStock, type StockWatch, type StockWatchState } from './stock-watch.ts';

const at = new Date('2026-01-02');
const before = (state: StockWatchState): StockWatch => ({
  productId: 'teapot',
  available: 0,
  sequence: 10,
  state,
  changedAt: new Date('2026-01-01'),
});
const follow = (watch: StockWatch | null, available: number, sequence: number, threshold = 5) =>
  followStock(watch, { productId: 'teapot', available, sequence }, threshold, at);

test.each<[StockWatchState, number, StockWatchState]>([
  ['STOCKED', 6, 'STOCKED'],
  ['STOCKED', 5, 'LOW_UNTOLD'],
  ['STOCKED', 0, 'LOW_UNTOLD'],
  ['LOW_UNTOLD', 7, 'LOW_UNTOLD'],
  ['LOW_UNTOLD', 8, 'STOCKED'],
  ['LOW', 6, 'LOW'],
  ['LOW', 7, 'LOW'],
  ['LOW', 8, 'BACK'],
  ['BACK', 6, 'BACK'],
  ['BACK', 5, 'LOW'],
])('%s with %i units becomes %s', (state, available, expected) => {
  const watch = follow(before(state), available, 11);
  expect(watch).toMatchObject({ state: expected, available, sequence: 11 });
  expect(watch?.changedAt).toEqual(state === expected ? before(state).changedAt : at);
});

test.each([10, 9, 1])('a late report with the sequence %i changes nothing', (sequence) => {
  expect(follow(before('STOCKED'), 0, sequence)).toBeNull();
});

test.each<[string, number, number, StockWatchState]>([
  ['a new product with little stock did not run low', 2, 1, 'LOW'],
  ['a new product without stock did not run low', 0, 0, 'LOW'],
  ['a new product with enough stock is stocked', 6, 1, 'STOCKED'],
  ['a product that was not heard of before has run low', 2, 7, 'LOW_UNTOLD'],
])('%s', (_title, available, sequence, expected) => {
  expect(follow(null, available, sequence)?.state).toBe(expected);
});

test.each([
  [1, 2],
  [2, 3],
  [5, 8],
  [10, 15],
])('with the threshold %i, %i units are enough again', (threshold, level) => {
  expect(findReturnLevel(threshold)).toBe(level);
});

test('with the threshold 0, nothing runs low, and what was low is back', () => {
  expect(follow(before('STOCKED'), 0, 11, 0)?.state).toBe('STOCKED');
  expect(follow(before('LOW'), 1, 11, 0)?.state).toBe('BACK');
});
