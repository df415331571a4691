import { describeClient } from './open-session.ts';

test('a session keeps the address and the first 500 characters of the user agent', () => {
  expect(describeClient({ ip: '::1', userAgent: 'x'.repeat(501) })).toEqual({
    ipAddress: '::1',
    userAgent: 'x'.repeat(500),
  });
  expect(describeClient({ ip: null, userAgent: null })).toEqual({ ipAddress: null, userAgent: null });
});
