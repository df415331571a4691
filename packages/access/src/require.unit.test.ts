import { hasScope, requireScope, requireUser } from './require.ts';
import { anonymous, formatScopes, parseScopes, type Viewer } from '@shop/process';

const staff: Viewer = { userId: 'u1', sessionId: null, scopes: parseScopes('order:read  user:read') };
const withCode = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) });

test('requireUser rejects an anonymous viewer', () => {
  expect(requireUser(staff)).toBe('u1');
  expect(() => requireUser(anonymous)).toThrow(withCode('UNAUTHENTICATED'));
});

test('requireScope rejects a viewer without the scope', () => {
  expect(() => requireScope(staff, 'order:read')).not.toThrow();
  expect(() => requireScope(staff, 'order:write')).toThrow(withCode('FORBIDDEN'));
  expect(() => requireScope(anonymous, 'order:read')).toThrow(withCode('UNAUTHENTICATED'));
  expect(hasScope(anonymous, 'order:read')).toBe(false);
});

test('scopes are the same after they are formatted and parsed', () => {
  expect(formatScopes(staff.scopes)).toBe('order:read user:read');
  expect(parseScopes(undefined)).toEqual(new Set());
});
