import { matchSubjects } from './subject.ts';

test.each([
  ['shop.order.created.v1', 'shop.order.created.v1', true],
  ['shop.order.created.v1', 'shop.order.created.v2', false],
  ['shop.order.created', 'shop.order.created.v1', false],
  ['shop.order.created.v1', 'shop.order.created', false],
  ['shop.*.created.v1', 'shop.order.created.v1', true],
  ['shop.*', 'shop.order.created.v1', false],
  ['shop.>', 'shop.order.created.v1', true],
  ['shop.>', 'shop', false],
  ['>', 'shop', true],
])('%s covers %s: %s', (pattern, subject, covered) => {
  expect(matchSubjects([pattern])(subject)).toBe(covered);
  expect(matchSubjects(['other', pattern])(subject)).toBe(covered);
  expect(matchSubjects([])(subject)).toBe(false);
});
