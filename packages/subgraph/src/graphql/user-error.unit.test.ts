import { invalidInput, userError } from './user-error.ts';

test('a user error has the code of its type, and its details', () => {
  expect(userError('SkuTaken', 'Taken.', { sku: 'A' })).toEqual({
    __typename: 'SkuTaken',
    code: 'SKU_TAKEN',
    message: 'Taken.',
    sku: 'A',
  });
  expect(userError('NotFound', 'No.')).toEqual({ __typename: 'NotFound', code: 'NOT_FOUND', message: 'No.' });
  expect(userError('PaymentProviderUnavailable', 'No.').code).toBe('PAYMENT_PROVIDER_UNAVAILABLE');
});

test('invalid input lists its issues', () => {
  const issues = [{ path: 'items.0.quantity', message: 'must be at least 1' }];
  expect(invalidInput(issues)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', issues });
});
