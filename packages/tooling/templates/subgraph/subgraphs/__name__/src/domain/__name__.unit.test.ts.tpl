import { normaliseText } from './__name__.ts';

test.each([
  ['  good  ', 'good'],
  ['one\n\n\n\ntwo', 'one\n\ntwo'],
  ['one\ntwo', 'one\ntwo'],
  [' \n ', ''],
])('keeps %j as %j', (text, expected) => {
  expect(normaliseText(text)).toBe(expected);
});
