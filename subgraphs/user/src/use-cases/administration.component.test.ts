import { uuidv7 } from '@shop/subgraph';
import { client, password, startScene, type Caller, type Scene } from '../../test/start-scene.ts';
import { findUser } from './find-user.ts';
import { listUsersPage, type UserListArguments } from './list-users.ts';
import { login } from './login.ts';
import { setUserActive, setUserRole } from './change-access.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import { refreshSession } from './refresh-session.ts';
import { revokeAllSessions } from './revoke-sessions.ts';
import { createUserLoader } from '../db/users.ts';

let scene: Scene;
let admin: Caller;
beforeAll(async () => {
  scene = await startScene();
  admin = await scene.openCaller();
});
afterAll(() => scene?.stop());

const list = (args: UserListArguments) => listUsersPage(scene.dependencies, args);
const idsOf = async (args: UserListArguments) => (await list(args)).nodes.map(({ id }) => id);
const db = () => scene.dependencies.database.client;
const liveSessions = (userId: string) => db().session.count({ where: { userId, revokedAt: null } });
const eventsOf = async (userId: string) => {
  const rows = await db().outbox.findMany({ where: { aggregateId: userId, type: 'shop.user.updated.v1' } });
  return rows.map(({ payload }) => (payload as { data: unknown }).data);
};

describe('finding accounts', () => {
  test('by id returns the account, or null if there is none', async () => {
    const { id } = await scene.openUser();
    const users = createUserLoader(scene.dependencies.database);
    expect(await findUser({ users }, id.toUpperCase())).toMatchObject({ id });
    expect(await findUser({ users }, uuidv7())).toBeNull();
    expect(await findUser({ users }, "' OR 1=1 --")).toBeNull();
  });

  test('in pages lists each account once in both directions, and counts on request', async () => {
    const mark = uuidv7();
    const all: string[] = [];
    for (let index = 0; index < 7; index += 1)
      all.unshift((await scene.openUser('CUSTOMER', { name: `Page ${mark}` })).id);
    const filter = { search: mark };

    const forward: string[] = [];
    for (let after: string | null = null, hasNext = true; hasNext;) {
      const page = await list({ filter, first: 3, after });
      forward.push(...page.nodes.map(({ id }) => id));
      [after, hasNext] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
    }
    expect(forward).toEqual(all);

    const backward: string[] = [];
    for (let before: string | null = null, hasPrevious = true; hasPrevious;) {
      const page = await list({ filter, last: 3, before });
      backward.unshift(...page.nodes.map(({ id }) => id));
      [before, hasPrevious] = [page.pageInfo.startCursor, page.pageInfo.hasPreviousPage];
    }
    expect(backward).toEqual(all);
    expect(await (await list({ filter, first: 1 })).totalCount()).toBe(7);
    await expect(list({ first: 3, after: 'bm9uc2Vuc2U' })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    });
    await expect(list({ first: 101 })).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  test('filters by part of an e-mail or name, by role and by state', async () => {
    const mark = uuidv7().slice(-12);
    const byName = await scene.openUser('STAFF', { name: `Zoë ${mark} Ångström` });
    const byEmail = await scene.openUser('CUSTOMER', { email: `Someone.${mark}@Example.com` });
    expect(await idsOf({ filter: { search: mark.toUpperCase() } })).toEqual([byEmail.id, byName.id]);
    expect(await idsOf({ filter: { search: `${mark} ångs` } })).toEqual([byName.id]);
    expect(await idsOf({ filter: { search: mark, role: 'STAFF' } })).toEqual([byName.id]);
    await setUserActive(scene.dependencies, { userId: byEmail.id, active: false }, admin);
    expect(await idsOf({ filter: { search: mark, active: false } })).toEqual([byEmail.id]);
    expect(await idsOf({ filter: { search: mark, active: true } })).toEqual([byName.id]);
    expect((await idsOf({ filter: { search: '  ' }, first: 100 })).length).toBeGreaterThan(2);
  });

  test('treats a hostile search as text', async () => {
    const mark = uuidv7().slice(-12);
    const percent = await scene.openUser('CUSTOMER', { name: `100%_\\ ${mark}` });
    await scene.openUser('CUSTOMER', { name: `1000 or more ${mark}` });
    expect(await idsOf({ filter: { search: `100%_\\ ${mark}` } })).toEqual([percent.id]);
    expect(await idsOf({ filter: { search: `%${mark}` } })).toEqual([]);
    for (const search of [
      `'; DROP TABLE users; --`,
      `_%_%_${mark}`,
      'a\0b',
      '\ud800',
      '\\',
      'x'.repeat(100_000),
      '$1',
    ]) {
      const page = await list({ filter: { search } });
      expect(page.nodes.filter(({ name }) => !name.includes(search))).toEqual([]);
      expect(await page.totalCount()).toBe(page.nodes.length);
      expect(await page.cappedCount()).toEqual({ count: page.nodes.length, isCapped: false });
    }
  });

  test('finds those that begin with one or two letters, without regard to case', async () => {
    const byName = await scene.openUser('CUSTOMER', { name: 'Öx Ångström' });
    const byEmail = await scene.openUser('CUSTOMER', { email: `q9.${uuidv7()}@example.com`, name: 'Someone' });
    expect(await idsOf({ filter: { search: 'öX' } })).toEqual([byName.id]);
    expect(await idsOf({ filter: { search: 'Ö' } })).toEqual([byName.id]);
    expect(await idsOf({ filter: { search: 'Q9' } })).toEqual([byEmail.id]);
    expect(await idsOf({ filter: { search: 'Ån' } })).toEqual([]);
    expect(await idsOf({ filter: { search: 'Ång' } })).toEqual(expect.arrayContaining([byName.id]));
    expect(await idsOf({ filter: { search: '%_' } })).toEqual([]);
    expect(await (await list({ filter: { search: 'q9' } })).cappedCount()).toEqual({ count: 1, isCapped: false });
  });
});

describe('changing what an account may do', () => {
  test('sets a role, revokes the sessions and publishes the change once', async () => {
    const user = await scene.openUser();
    expect(await login(scene.dependencies, { email: user.email, password }, client)).toMatchObject({
      kind: 'signed-in',
    });
    const outcome = await setUserRole(scene.dependencies, { userId: user.id, role: 'STAFF' }, admin);
    expect(outcome).toMatchObject({ kind: 'changed', user: { id: user.id, role: 'STAFF' } });
    expect(await liveSessions(user.id)).toBe(0);
    await login(scene.dependencies, { email: user.email, password }, client);
    expect(await setUserRole(scene.dependencies, { userId: user.id, role: 'STAFF' }, admin)).toMatchObject({
      kind: 'changed',
    });
    expect(await liveSessions(user.id)).toBe(1);
    expect(await eventsOf(user.id)).toEqual([
      { userId: user.id, role: 'STAFF', changed: ['role'], changeId: expect.any(String) },
    ]);
  });

  test('deactivates and activates an account', async () => {
    const user = await scene.openUser();
    await login(scene.dependencies, { email: user.email, password }, client);
    await setUserActive(scene.dependencies, { userId: user.id, active: false }, admin);
    expect(await liveSessions(user.id)).toBe(0);
    expect(await login(scene.dependencies, { email: user.email, password }, client)).toEqual({
      kind: 'invalid-credentials',
    });
    await setUserActive(scene.dependencies, { userId: user.id, active: true }, admin);
    expect(await login(scene.dependencies, { email: user.email, password }, client)).toMatchObject({
      kind: 'signed-in',
    });
  });

  test('returns not-found for unknown and invalid ids', async () => {
    for (const userId of [uuidv7(), 'nonsense', '']) {
      expect(await setUserRole(scene.dependencies, { userId, role: 'ADMIN' }, admin)).toEqual({ kind: 'not-found' });
      expect(await setUserActive(scene.dependencies, { userId, active: false }, admin)).toEqual({ kind: 'not-found' });
    }
  });

  test('keeps one administrator, even when all remove each other concurrently', async () => {
    const admins = [await scene.openCaller(), await scene.openCaller(), await scene.openCaller()];
    const ids = admins.map(({ userId }) => userId);
    await db().user.updateMany({ where: { role: 'ADMIN', id: { notIn: ids } }, data: { active: false } });
    const outcomes = await Promise.all(
      admins.map((caller, index) => {
        const userId = String(ids[(index + 1) % 3]);
        return index % 2
          ? setUserActive(scene.dependencies, { userId, active: false }, caller)
          : setUserRole(scene.dependencies, { userId, role: 'CUSTOMER' }, caller);
      }),
    );
    const kinds = outcomes.map(({ kind }) => kind);
    // The one who was removed first can remove nobody.
    expect(kinds.filter((kind) => kind === 'changed').length).toBeGreaterThan(0);
    expect(kinds.filter((kind) => kind !== 'changed').length).toBeGreaterThan(0);
    const last = await db().user.findFirstOrThrow({ where: { role: 'ADMIN', active: true } });
    await db().user.updateMany({ where: { role: 'ADMIN', id: { not: last.id } }, data: { active: false } });
    const caller = { userId: last.id, sessionId: (await scene.signIn(last.email)).sessionId };
    expect(await setUserRole(scene.dependencies, { userId: last.id, role: 'STAFF' }, caller)).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'role' }],
    });
    expect(await setUserActive(scene.dependencies, { userId: last.id, active: false }, caller)).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'active' }],
    });
    expect(await setUserRole(scene.dependencies, { userId: last.id, role: 'ADMIN' }, caller)).toMatchObject({
      kind: 'changed',
    });
    await db().user.updateMany({ where: { id: admin.userId }, data: { active: true } });
  });

  test('a sign-in during the change opens no session', async () => {
    const user = await scene.openUser('STAFF');
    const { hasher } = scene.dependencies;
    const overtaken: typeof hasher = {
      ...hasher,
      async verify(hash, given) {
        const matches = await hasher.verify(hash, given);
        await setUserActive(scene.dependencies, { userId: user.id, active: false }, admin);
        return matches;
      },
    };
    const outcome = await login({ ...scene.dependencies, hasher: overtaken }, { email: user.email, password }, client);
    expect(outcome).toEqual({ kind: 'invalid-credentials' });
    expect(await liveSessions(user.id)).toBe(0);
  });
});

describe('an access token from before a change', () => {
  const restore = (caller: Caller) => setUserRole(scene.dependencies, { userId: caller.userId, role: 'ADMIN' }, caller);
  const remove: Record<string, (caller: Caller) => Promise<unknown>> = {
    'was demoted': ({ userId }) => setUserRole(scene.dependencies, { userId, role: 'CUSTOMER' }, admin),
    'became staff': ({ userId }) => setUserRole(scene.dependencies, { userId, role: 'STAFF' }, admin),
    'was deactivated': ({ userId }) => setUserActive(scene.dependencies, { userId, active: false }, admin),
    'was deleted': (caller) => deleteAccount(scene.dependencies, { password }, caller),
  };
  test.each(Object.keys(remove))('does nothing for an administrator who %s', async (name) => {
    const caller = await scene.openCaller();
    const victim = await scene.openUser();
    await remove[name]?.(caller);
    const refused = await restore(caller);
    expect(refused.kind).toMatch(/^(not-signed-in|forbidden)$/);
    expect(await setUserActive(scene.dependencies, { userId: victim.id, active: false }, caller)).toEqual(refused);
    const after = await db().user.findUnique({ where: { id: caller.userId } });
    expect(after !== null && after.active && after.role === 'ADMIN').toBe(false);
    expect(await db().user.findUnique({ where: { id: victim.id } })).toMatchObject({ active: true });
  });

  test('does nothing for staff, with whatever scopes it was issued', async () => {
    const caller = await scene.openCaller('STAFF');
    expect(await restore(caller)).toEqual({ kind: 'forbidden', scope: 'user:write' });
  });

  test('restores nothing, also when the change runs at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const caller = await scene.openCaller();
      await Promise.all([
        setUserRole(scene.dependencies, { userId: caller.userId, role: 'CUSTOMER' }, admin),
        ...Array.from({ length: 5 }, () => restore(caller)),
      ]);
      expect(await db().user.findUnique({ where: { id: caller.userId } })).toMatchObject({ role: 'CUSTOMER' });
    }
  });
});

describe('the gateway is told of sessions', () => {
  const announced = async (userId: string) => {
    const events = await scene.eventsOf(userId);
    return events.flatMap(([type, data]) =>
      type === 'shop.user.sessions_revoked.v1' ? (data as { sessionIds: string[] }).sessionIds : [],
    );
  };

  test('that a change of access ended, also those that had signed out before', async () => {
    const caller = await scene.openCaller('STAFF');
    const second = await scene.signIn(caller.email);
    await revokeAllSessions(scene.dependencies, caller);
    expect(await announced(caller.userId)).toEqual([second.sessionId]); // not of the own one
    const third = await scene.signIn(caller.email);
    await setUserRole(scene.dependencies, { userId: caller.userId, role: 'CUSTOMER' }, admin);
    expect((await announced(caller.userId)).slice(1).sort()).toEqual(
      [caller.sessionId, second.sessionId, third.sessionId].sort(),
    );
  });

  test('that have no valid access token any more: of none of those', async () => {
    const caller = await scene.openCaller('STAFF');
    await db().session.updateMany({
      where: { userId: caller.userId },
      data: { lastUsedAt: new Date(Date.now() - 21 * 60_000) },
    });
    await setUserActive(scene.dependencies, { userId: caller.userId, active: false }, admin);
    expect(await announced(caller.userId)).toEqual([]);
  });

  test('that ended with the account, with a new password, and with a copied refresh token', async () => {
    const caller = await scene.openCaller();
    const other = await scene.signIn(caller.email);
    const input = { currentPassword: password, newPassword: `${password}!` };
    await changePassword(scene.dependencies, input, caller);
    expect(await announced(caller.userId)).toEqual([other.sessionId]);
    await deleteAccount(scene.dependencies, { password: `${password}!` }, caller);
    expect((await announced(caller.userId)).slice(1).sort()).toEqual([caller.sessionId, other.sessionId].sort());

    const copied = await scene.openCaller();
    const { refreshToken, sessionId } = await scene.signIn(copied.email);
    await refreshSession(scene.dependencies, { refreshToken }, client);
    expect(await announced(copied.userId)).toEqual([]);
    await refreshSession(scene.dependencies, { refreshToken }, client);
    expect(await announced(copied.userId)).toEqual([sessionId]);
  });
});
