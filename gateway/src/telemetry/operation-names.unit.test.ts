import { OperationNames } from './operation-names.ts';

test('a client cannot grow the set of names', () => {
  const names = new OperationNames(['Listed']);
  const seen = new Set(Array.from({ length: 1_000 }, (_, n) => names.bound(`Made${n}`, true)));
  expect(seen.size).toBe(101);
  expect([...seen]).toEqual(expect.arrayContaining(['Made0', 'Made99', 'other']));
  expect(names.bound('Made1', true)).toBe('Made1');
  expect(names.bound('Listed', false)).toBe('Listed');
});

test('a name is learned with an answer, and a missing or a long one never', () => {
  const names = new OperationNames([]);
  expect([names.bound('Wrong', false), names.bound('Wrong', true), names.bound('Wrong', false)]).toEqual([
    'other',
    'Wrong',
    'Wrong',
  ]);
  expect([names.bound(undefined, true), names.bound('', true)]).toEqual(['unnamed', 'unnamed']);
  expect(names.bound('A'.repeat(101), true)).toBe('other');
});
