import { boundErrors } from './bound-errors.ts';

const create = (count: number) => Array.from({ length: count }, (_, index) => ({ message: `error ${index}` }));
const note = { message: 'More errors were left out.', extensions: { code: 'ERRORS_LEFT_OUT' } };

test('a hundred errors are all kept', () => {
  expect(boundErrors(create(100))).toEqual(create(100));
});

test('of more, the first 99 are kept, with a note', () => {
  expect(boundErrors(create(101))).toEqual([...create(99), note]);
  expect(boundErrors(create(100_000))).toEqual([...create(99), note]);
});

test('parts that were bounded before get one note, at the end', () => {
  expect(boundErrors([...boundErrors(create(300)), ...create(1)])).toEqual([...create(99), note]);
  expect(boundErrors([...boundErrors(create(300)).slice(-1), ...create(2)])).toEqual([...create(2), note]);
});
