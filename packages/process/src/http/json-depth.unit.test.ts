import { isDeeperThan } from './json-depth.ts';

test.each([
  ['[[[]]]', 3, false],
  ['[[[]]]', 2, true],
  ['{"a":{"b":[1]}}', 3, false],
  ['{"a":{"b":[1]}}', 2, true],
  ['["[[[[", "\\"[[[["]', 1, false],
  ['["\\\\", [1]]', 1, true],
  ['[1],[2],[3]', 1, false],
  ['"[[[[[', 1, false],
  ['', 1, false],
  ['['.repeat(100_000), 64, true],
])('%s deeper than %i: %s', (text, limit, expected) => {
  expect(isDeeperThan(limit, text)).toBe(expected);
});
