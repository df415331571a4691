import { userError } from './user-error.ts';

test.each([
  ['EmailTaken', 'EMAIL_TAKEN'],
  ['NotAMember', 'NOT_A_MEMBER'],
  ['NotFound', 'NOT_FOUND'],
  ['InvalidInput', 'INVALID_INPUT'],
])('the code of %s is %s', (type, code) => {
  expect(userError(type, 'No.', { id: '1' })).toEqual({ __typename: type, code, message: 'No.', id: '1' });
});
