import { fingerprint } from './fingerprint.ts';

test('equal inputs have equal fingerprints, regardless of the order of their members', () => {
  expect(fingerprint({ a: 1, b: { c: [1, 2], d: null } })).toBe(fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }));
});

test.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: '1' }, { a: 1 }],
  [{ a: null }, {}],
])('%j and %j differ', (one, other) => {
  expect(fingerprint(one)).not.toBe(fingerprint(other));
});
