import { countMistakes, nearestWords } from './spelling.ts';

test.each([
  ['phone', 'phone', 0],
  ['fone', 'phone', 2],
  ['iphnoe', 'iphone', 1],
  ['smartfone', 'smartphone', 2],
  ['', 'abc', 3],
])('the distance from %s to %s is %i mistakes', (a, b, mistakes) => {
  expect(countMistakes(a, b)).toBe(mistakes);
  expect(countMistakes(b, a)).toBe(mistakes);
});

test('the nearest words are those with the fewest mistakes, or one more', () => {
  expect(nearestWords('smartfone', ['smart', 'smartphone', 'smartphones', 'saxophone'])).toEqual([
    'smartphone',
    'smartphones',
  ]);
  expect(nearestWords('xyz', ['phone'])).toEqual([]);
  expect(nearestWords('xyz', [])).toEqual([]);
});
