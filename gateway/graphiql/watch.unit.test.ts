import { parse } from 'graphql';
import { isSubscription, readErrors } from './watch.ts';

test.each([
  ['subscription A { a }', undefined, true],
  ['query B { b } subscription A { a }', 'A', true],
  ['query B { b } subscription A { a }', 'B', false],
  ['fragment F on Query { f } subscription A { ...F }', null, true],
  ['query subscription { subscription }', '', false],
])('%s with the name %s: a subscription is recognised', (text, name, expected) => {
  expect(isSubscription(parse(text), name)).toBe(expected);
});

test('a text that cannot be parsed is no subscription', () => {
  expect(isSubscription(undefined, 'A')).toBe(false);
});

test.each([
  [[{ message: 'No.', extensions: { code: 'NOT_FOUND' } }], [{ message: 'No.', extensions: { code: 'NOT_FOUND' } }]],
  [{ code: 4403, reason: 'The access token has expired.' }, [{ message: 'The access token has expired.' }]],
  [{ code: 1006, reason: '' }, [{ message: 'The connection was closed with 1006.' }]],
  [new Error('no socket'), [{ message: 'no socket' }]],
  [undefined, [{ message: 'The connection was closed.' }]],
])('the page shows %j as errors', (error, shown) => {
  expect(readErrors(error)).toEqual(shown);
});
