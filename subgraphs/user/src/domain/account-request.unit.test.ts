import { LIFETIMES_MS, linkKind, newRequest, type RequestPurpose } from './account-request.ts';

const MINUTE = 60_000;

test.each([
  ['RESET_PASSWORD', 30, 'RESET_PASSWORD'],
  ['INVITATION', 7 * 24 * 60, 'RESET_PASSWORD'],
  ['VERIFY_EMAIL', 24 * 60, 'VERIFY_EMAIL'],
  ['CHANGE_EMAIL', 24 * 60, 'VERIFY_EMAIL'],
] as const)('a link of %s works for %i minutes, and is of the kind %s', (purpose: RequestPurpose, minutes, kind) => {
  expect(LIFETIMES_MS[purpose]).toBe(minutes * MINUTE);
  expect(linkKind(purpose)).toBe(kind);
});

test('only a change of the e-mail has an e-mail of its own', () => {
  const at = new Date(0);
  expect(newRequest({ id: 'r', userId: 'u', at }, { purpose: 'CHANGE_EMAIL', email: 'new@example.com' })).toEqual({
    id: 'r',
    userId: 'u',
    purpose: 'CHANGE_EMAIL',
    email: 'new@example.com',
    createdAt: at,
    expiresAt: new Date(24 * 60 * MINUTE),
  });
  expect(newRequest({ id: 'r', userId: 'u', at }, { purpose: 'VERIFY_EMAIL' }).email).toBeNull();
});
