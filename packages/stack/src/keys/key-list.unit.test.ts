import { findKeyState, rotate, type ListedKey } from './key-list.ts';

const key = (kid: string, rest: Partial<ListedKey> = {}): ListedKey => ({ kty: 'OKP', kid, d: 'private', ...rest });
const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1_000);
const statesAt = (keys: readonly ListedKey[], seconds: number) =>
  keys.map((one) => `${one.kid} ${findKeyState(one, keys, at(seconds))}`);

test('a new key is announced, signs, and outlives the old one', () => {
  const keys = rotate([key('old')], key('new'), at(0), { announced: 600, kept: 1_200 });
  expect(statesAt(keys, 0)).toEqual(['new announced', 'old signs']);
  expect(statesAt(keys, 599)).toEqual(['new announced', 'old signs']);
  expect(statesAt(keys, 600)).toEqual(['new signs', 'old verifies']);
  expect(statesAt(keys, 1_799)).toEqual(['new signs', 'old verifies']);
  expect(statesAt(keys, 1_800)).toEqual(['new signs', 'old over']);
});

test('a rotation waits for the previous one, and removes expired keys', () => {
  const first = rotate([key('a')], key('b'), at(0));
  expect(() => rotate(first, key('c'), at(599))).toThrow('The key b is announced already');
  const second = rotate(first, key('c'), at(700));
  expect(statesAt(second, 700)).toEqual(['c announced', 'b signs', 'a verifies']);
  // The first key keeps the end that the first rotation gave it.
  expect(second[2]?.verifiesUntil).toBe(first[1]?.verifiesUntil);
  expect(rotate(second, key('d'), at(2_000)).map(({ kid }) => kid)).toEqual(['d', 'c', 'b']);
});
