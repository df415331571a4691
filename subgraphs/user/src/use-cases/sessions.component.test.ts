import { randomBytes } from 'node:crypto';
import { uuidv7 } from '@shop/subgraph';
import { client, startAccounts, type Accounts } from '../../test/accounts.ts';
import { createSessionLoader } from '../db/sessions.ts';
import { forgetSessions } from './forget-sessions.ts';
import { logOut } from './log-out.ts';
import { refreshSession } from './refresh-session.ts';
import { revokeAllSessions, revokeSession } from './revoke-sessions.ts';

const DAY = 24 * 60 * 60 * 1000;
let accounts: Accounts;
beforeAll(async () => {
  accounts = await startAccounts();
});
afterAll(() => accounts?.stop());

const in30Days = () => new Date(Date.now() + 30 * DAY);
const at = (time: Date) => ({ ...accounts.dependencies, now: () => time });
const refresh = (refreshToken: string, dependencies = accounts.dependencies) =>
  refreshSession(dependencies, { refreshToken }, client);
async function refreshed(refreshToken: string, dependencies = accounts.dependencies) {
  const outcome = await refresh(refreshToken, dependencies);
  if (outcome.kind !== 'refreshed') throw new Error(outcome.kind);
  return outcome.tokens;
}
const sessionsOf = (userId: string, now = () => new Date()) =>
  createSessionLoader(accounts.dependencies.database, now).load(userId);
const rowOf = (id: string) => accounts.dependencies.database.client.session.findUniqueOrThrow({ where: { id } });

describe('refreshing a session', () => {
  test('returns new tokens for the same session, and extends it', async () => {
    const { userId, sessionId, refreshToken } = await accounts.open();
    const tokens = await refreshed(refreshToken, at(new Date(Date.now() + DAY)));
    expect(tokens.refreshToken).not.toBe(refreshToken);
    expect(await accounts.claimsOf(tokens.accessToken)).toMatchObject({ sub: userId, sid: sessionId, scope: '' });
    const row = await rowOf(sessionId);
    expect(row.expiresAt).toEqual(tokens.refreshTokenExpiresAt);
    expect(+row.expiresAt - +row.lastUsedAt).toBe(30 * DAY);
    expect(+row.lastUsedAt - +row.createdAt).toBeGreaterThanOrEqual(DAY - 1_000);
    await refreshed(tokens.refreshToken);
  });

  test('stores only hashes of tokens', async () => {
    const { refreshToken } = await accounts.open();
    const next = (await refreshed(refreshToken)).refreshToken;
    const { client: prisma } = accounts.dependencies.database;
    const rows = Buffer.concat([
      ...(await prisma.session.findMany()).map((row) => row.refreshTokenHash),
      ...(await prisma.rotatedRefreshToken.findMany()).map((row) => row.hash),
    ]);
    for (const token of [refreshToken, next]) {
      expect(rows.includes(token)).toBe(false);
      expect(rows.includes(Buffer.from(token, 'base64url'))).toBe(false);
    }
  });

  test('gives tokens to one of 50 concurrent uses of a token, and ends the session', async () => {
    const { sessionId, refreshToken } = await accounts.open();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
    const winners = outcomes.flatMap((outcome) => (outcome.kind === 'refreshed' ? [outcome.tokens] : []));
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'invalid-refresh-token')).toHaveLength(49);
    expect((await rowOf(sessionId)).revokedAt).not.toBeNull();
    expect(await refresh(winners[0]!.refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
    const rotations = { where: { sessionId } };
    expect(await accounts.dependencies.database.client.rotatedRefreshToken.count(rotations)).toBe(1);
  });

  test('50 concurrent sessions do not affect each other', async () => {
    const { email } = await accounts.open();
    const sessions = await Promise.all(Array.from({ length: 50 }, () => accounts.signIn(email)));
    const outcomes = await Promise.all(sessions.map(({ refreshToken }) => refresh(refreshToken)));
    expect(outcomes.every(({ kind }) => kind === 'refreshed')).toBe(true);
  });

  test.each([1, 2, 5])('reuse of a token %i rotations old revokes only its session', async (rotations) => {
    const { email, userId, sessionId, refreshToken } = await accounts.open();
    const other = await accounts.signIn(email);
    let newest = refreshToken;
    for (let round = 0; round < rotations; round += 1) newest = (await refreshed(newest)).refreshToken;
    expect(await refresh(refreshToken)).toEqual({ kind: 'invalid-refresh-token', revoked: { sessionId, userId } });
    expect((await rowOf(sessionId)).revokedAt).not.toBeNull();
    expect(await refresh(newest)).toEqual({ kind: 'invalid-refresh-token', revoked: null });
    await refreshed(other.refreshToken);
  });

  test('shows the latest user agent and address, and keeps them when a client sends none', async () => {
    const { sessionId, refreshToken } = await accounts.open();
    const use = async (token: string, from: { ip: string | null; userAgent: string | null }) => {
      const outcome = await refreshSession(accounts.dependencies, { refreshToken: token }, from);
      if (outcome.kind !== 'refreshed') throw new Error(outcome.kind);
      const { userAgent, ipAddress } = await rowOf(sessionId);
      return { token: outcome.tokens.refreshToken, userAgent, ipAddress };
    };
    const first = await use(refreshToken, { ip: null, userAgent: null });
    expect(first).toMatchObject({ ipAddress: '127.0.0.1', userAgent: 'jest' });
    const second = await use(first.token, { ip: '::1', userAgent: 'other' });
    expect(second).toMatchObject({ ipAddress: '::1', userAgent: 'other' });
  });

  test('an unknown token revokes nothing', async () => {
    const { sessionId, refreshToken } = await accounts.open();
    for (const token of ['', 'x', sessionId, `${refreshToken}=`, 'a\0b', 'ä'.repeat(100_000)]) {
      expect(await refresh(token)).toMatchObject({ kind: 'invalid-refresh-token' });
    }
    await refreshed(refreshToken);
  });

  test('an expired token does not work', async () => {
    const { refreshToken } = await accounts.open();
    expect(await refresh(refreshToken, at(in30Days()))).toMatchObject({ kind: 'invalid-refresh-token' });
  });

  test('returns the scopes of the current role', async () => {
    const { userId, refreshToken } = await accounts.open();
    await accounts.dependencies.database.client.user.update({ where: { id: userId }, data: { role: 'STAFF' } });
    const { scope } = await accounts.claimsOf((await refreshed(refreshToken)).accessToken);
    expect(scope.split(' ')).toContain('order:read');
  });

  test('inactive and deleted accounts cannot refresh', async () => {
    const [inactive, deleted] = [await accounts.open(), await accounts.open()];
    const { user } = accounts.dependencies.database.client;
    await user.update({ where: { id: inactive.userId }, data: { active: false } });
    await user.delete({ where: { id: deleted.userId } });
    expect(await refresh(inactive.refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
    expect(await refresh(deleted.refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
  });

  test('finds tokens by index', async () => {
    const plan = await accounts.dependencies.database.transact(async (tx) => {
      await tx.$executeRawUnsafe('SET LOCAL enable_seqscan = off');
      return tx.$queryRawUnsafe<
        { 'QUERY PLAN': string }[]
      >(`EXPLAIN SELECT session_id FROM rotated_refresh_tokens WHERE hash = '\\x00'
        UNION ALL SELECT id FROM sessions WHERE refresh_token_hash = '\\x00'`);
    });
    const text = JSON.stringify(plan);
    expect(text).toContain('rotated_refresh_tokens_pkey');
    expect(text).toContain('sessions_refresh_token_hash_key');
  });
});

describe('housekeeping', () => {
  test('deletes ended sessions and old tokens, and keeps tokens that could still be presented', async () => {
    const [old, current] = [await accounts.open(), await accounts.open()];
    for (const { refreshToken } of [old, current]) await refreshed(refreshToken);
    const later = at(new Date(Date.now() + 20 * DAY));
    const [row] = await accounts.dependencies.database.client.rotatedRefreshToken.findMany({
      where: { sessionId: current.sessionId },
    });
    expect(row).toBeDefined();
    await forgetSessions(later);
    const left = async (sessionId: string) => [
      await accounts.dependencies.database.client.session.count({ where: { id: sessionId } }),
      await accounts.dependencies.database.client.rotatedRefreshToken.count({ where: { sessionId } }),
    ];
    expect([await left(old.sessionId), await left(current.sessionId)]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const { session } = accounts.dependencies.database.client;
    await session.update({ where: { id: current.sessionId }, data: { expiresAt: new Date(Date.now() + 50 * DAY) } });
    await forgetSessions(at(new Date(Date.now() + 31 * DAY)));
    expect([await left(old.sessionId), await left(current.sessionId)]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });
});

test('housekeeping deletes more rows than one statement does, and no session that is valid', async () => {
  const { sessionId } = await accounts.open();
  const { rotatedRefreshToken } = accounts.dependencies.database.client;
  const tokens = Array.from({ length: 2_500 }, () => ({
    hash: new Uint8Array(randomBytes(32)),
    sessionId,
    rotatedAt: new Date(Date.now() - 31 * DAY),
  }));
  await rotatedRefreshToken.createMany({ data: tokens });
  expect(await forgetSessions(accounts.dependencies)).toBeGreaterThanOrEqual(2_500);
  expect(await rotatedRefreshToken.count({ where: { sessionId } })).toBe(0);
  await rowOf(sessionId);
});

describe('signing out', () => {
  test('ends the session, and may be repeated', async () => {
    const { sessionId, refreshToken } = await accounts.open();
    await logOut(accounts.dependencies, { refreshToken });
    const { revokedAt } = await rowOf(sessionId);
    await logOut(accounts.dependencies, { refreshToken });
    await logOut(accounts.dependencies, { refreshToken: 'unknown' });
    expect((await rowOf(sessionId)).revokedAt).toEqual(revokedAt);
    expect(await refresh(refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
  });

  test('works with a token that was rotated in the meantime', async () => {
    const { refreshToken } = await accounts.open();
    const { refreshToken: next } = await refreshed(refreshToken);
    await logOut(accounts.dependencies, { refreshToken });
    expect(await refresh(next)).toMatchObject({ kind: 'invalid-refresh-token' });
  });

  test('wins over a concurrent refresh', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { sessionId, refreshToken } = await accounts.open();
      await Promise.all([refresh(refreshToken), logOut(accounts.dependencies, { refreshToken })]);
      expect((await rowOf(sessionId)).revokedAt).not.toBeNull();
    }
  });
});

describe('a user’s sessions', () => {
  test('are listed newest first, without the revoked and the expired ones', async () => {
    const { email, userId, sessionId } = await accounts.open();
    const [second, third] = [await accounts.signIn(email), await accounts.signIn(email)];
    expect((await sessionsOf(userId)).map(({ id }) => id)).toEqual([third.sessionId, second.sessionId, sessionId]);
    expect((await sessionsOf(userId))[0]).toMatchObject({ userAgent: 'jest', ipAddress: '127.0.0.1' });
    expect((await sessionsOf(userId))[0]).not.toHaveProperty('refreshTokenHash');
    await logOut(accounts.dependencies, second);
    expect((await sessionsOf(userId)).map(({ id }) => id)).toEqual([third.sessionId, sessionId]);
    expect(await sessionsOf(userId, in30Days)).toEqual([]);
  });

  test('are read in one batch for many users', async () => {
    const users = [await accounts.open(), await accounts.open()];
    const loader = createSessionLoader(accounts.dependencies.database, () => new Date());
    const lists = await Promise.all([...users.map(({ userId }) => loader.load(userId)), loader.load(uuidv7())]);
    expect(lists.map((list) => list.map(({ id }) => id))).toEqual([[users[0]!.sessionId], [users[1]!.sessionId], []]);
  });

  test('can be revoked only by their owner, and only once', async () => {
    const [owner, stranger] = [await accounts.open(), await accounts.open()];
    const revoke = (sessionId: string, viewer = owner) => revokeSession(accounts.dependencies, { sessionId }, viewer);
    expect(await revoke(owner.sessionId, stranger)).toBe(false);
    expect(await revoke('nonsense')).toBe(false);
    expect(await revoke(uuidv7())).toBe(false);
    await refreshed(owner.refreshToken);
    expect(await revoke(owner.sessionId)).toBe(true);
    expect(await revoke(owner.sessionId)).toBe(false);
  });

  test('can be revoked together, including the session of the request, without affecting other users', async () => {
    const [owner, stranger] = [await accounts.open(), await accounts.open()];
    await accounts.signIn(owner.email);
    expect(await revokeAllSessions(accounts.dependencies, owner)).toBe(2);
    expect(await revokeAllSessions(accounts.dependencies, owner)).toBe(0);
    expect(await sessionsOf(owner.userId)).toEqual([]);
    await refreshed(stranger.refreshToken);
  });
});
