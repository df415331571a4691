import { createRevokedSessions, revocationLifetimeMs } from './revoked-sessions.ts';

test('a session is kept for as long as one of its tokens can be valid, and then forgotten', () => {
  let now = 1_000_000;
  const sessions = createRevokedSessions({ now: () => now });
  sessions.add(['a', 'b'], new Date(now));
  expect([sessions.has('a'), sessions.has('b'), sessions.has('c'), sessions.has(null)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  now += revocationLifetimeMs - 1;
  expect(sessions.has('a')).toBe(true);
  now += 1;
  expect(sessions.has('a')).toBe(false);
  sessions.add(['d'], new Date(now));
  expect(sessions.size).toBe(1);
});

test('a repeated event changes nothing, also when it is older', () => {
  let now = 1_000_000;
  const sessions = createRevokedSessions({ now: () => now });
  for (const endedAt of [now, now, now - 60_000]) sessions.add(['a'], new Date(endedAt));
  expect(sessions.size).toBe(1);
  now += revocationLifetimeMs - 1;
  expect(sessions.has('a')).toBe(true);
});

test('an event that is published again after days is not kept', () => {
  const sessions = createRevokedSessions();
  sessions.add(['a'], new Date(Date.now() - 7 * 24 * 3_600_000));
  expect([sessions.size, sessions.has('a')]).toEqual([0, false]);
});
