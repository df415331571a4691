import { password, startAccounts, type Accounts } from '../../test/accounts.ts';
import { createPasswordHasher } from '../auth/password-hasher.ts';
import { createUserLoader } from '../db/users.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import { login } from './login.ts';
import type { SignedIn } from './dependencies.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { updateProfile } from './update-profile.ts';

const newPassword = 'staple battery horse correct';
const client = { ip: '127.0.0.1', userAgent: 'jest' };
let accounts: Accounts;
beforeAll(async () => {
  accounts = await startAccounts();
});
afterAll(() => accounts?.stop());

const prisma = () => accounts.dependencies.database.client;
const load = (id: string) => prisma().user.findUniqueOrThrow({ where: { id } });
const signIn = (email: string, secret: string) => login(accounts.dependencies, { email, password: secret }, client);
const refresh = (refreshToken: string) => refreshSession(accounts.dependencies, { refreshToken }, client);

const update = (input: unknown, viewer: SignedIn, dependencies = accounts.dependencies) =>
  updateProfile(dependencies, input, viewer, client);

describe('changing the profile', () => {
  test('changes the given fields, and keeps the others', async () => {
    const viewer = await accounts.open({ phone: '123' });
    expect(await update({ name: ' Grace ' }, viewer)).toMatchObject({
      kind: 'updated',
      user: { name: 'Grace', phone: '123', email: viewer.email },
    });
    expect(await update({ phone: null }, viewer)).toMatchObject({
      user: { name: 'Grace', phone: null },
    });
    expect(await update({ phone: '456' }, viewer)).toMatchObject({ user: { phone: '456' } });
    expect(await update({ phone: '' }, viewer)).toMatchObject({ user: { phone: null } });
    expect(await load(viewer.userId)).toMatchObject({ name: 'Grace', email: viewer.email, phone: null });
    const updated = (await accounts.eventsOf(viewer.userId)).slice(1);
    const about = { userId: viewer.userId, role: 'CUSTOMER' };
    expect(updated).toEqual(
      [['name'], ['phone'], ['phone'], ['phone']].map((changed) => [
        'shop.user.updated.v1',
        { ...about, changed, changeId: expect.any(String) },
      ]),
    );
  });

  test('without a difference publishes nothing', async () => {
    const viewer = await accounts.open();
    const before = await load(viewer.userId);
    for (const input of [{}, { name: 'Ada', email: viewer.email, phone: null }]) {
      expect(await update(input, viewer)).toMatchObject({ kind: 'updated' });
    }
    expect(await load(viewer.userId)).toEqual(before);
    expect(await accounts.eventsOf(viewer.userId)).toHaveLength(1);
  });

  test('is refused to an account that was deactivated after its token was signed', async () => {
    const viewer = await accounts.open();
    await prisma().user.update({ where: { id: viewer.userId }, data: { active: false } });
    expect(await update({ name: 'Ghost' }, viewer)).toEqual({ kind: 'no-account' });
    expect(await load(viewer.userId)).toMatchObject({ name: 'Ada' });
  });

  test('needs the password for another e-mail, and for nothing else', async () => {
    const viewer = await accounts.open();
    const email = `new.${viewer.email}`;
    for (const rest of [{}, { currentPassword: null }, { currentPassword: '' }, { currentPassword: `${password}!` }])
      expect(await update({ email, ...rest }, viewer)).toEqual({ kind: 'invalid-credentials' });
    // Another case is another e-mail, to which mail may go.
    expect(await update({ email: viewer.email.toUpperCase() }, viewer)).toEqual({ kind: 'invalid-credentials' });
    expect(await load(viewer.userId)).toMatchObject({ email: viewer.email });
    expect(await update({ email: ` ${viewer.email} `, name: 'Grace' }, viewer)).toMatchObject({ kind: 'updated' });
    expect(await update({ email, currentPassword: password }, viewer)).toMatchObject({
      kind: 'updated',
      user: { email: viewer.email },
    });
  });

  test('is refused when the password changed while it was checked', async () => {
    const viewer = await accounts.open();
    const { hasher } = accounts.dependencies;
    const overtaken: typeof hasher = {
      ...hasher,
      async verify(hash, given) {
        const matches = await hasher.verify(hash, given);
        const input = { currentPassword: password, newPassword: `${password} 2` };
        await changePassword(accounts.dependencies, input, viewer);
        return matches;
      },
    };
    const input = { email: `new.${viewer.email}`, currentPassword: password };
    expect(await update(input, viewer, { ...accounts.dependencies, hasher: overtaken })).toEqual({
      kind: 'invalid-credentials',
    });
  });

  test('tells of a taken e-mail only a limited number of times', async () => {
    const [viewer, other] = [await accounts.open(), await accounts.open()];
    const throttle = accounts.openThrottle({ emailTaken: { points: 1, seconds: 60 } });
    const dependencies = { ...accounts.dependencies, throttle };
    const from = { ip: '198.51.100.9', userAgent: null };
    const ask = (email: string) => updateProfile(dependencies, { email, currentPassword: password }, viewer, from);
    expect(await ask(other.email)).toEqual({ kind: 'email-taken' });
    for (const email of [other.email, `free.${viewer.email}`])
      expect(await ask(email)).toMatchObject({ kind: 'too-many-attempts', retryAt: expect.any(Date) });
    const opening = { email: `new.${other.email}`, password, name: 'Ada' };
    expect(await register(dependencies, opening, from)).toMatchObject({ kind: 'too-many-attempts' });
    expect(await register(dependencies, opening, { ...from, ip: '198.51.100.10' })).toMatchObject({ kind: 'opened' });
    await throttle.close();
  });

  test.each([
    ['email', { email: 'nobody' }],
    ['email', { email: null }],
    ['name', { name: ' ' }],
    ['name', { name: '\u200b' }],
    ['name', { name: null }],
    ['name', { name: 'x'.repeat(201) }],
    ['phone', { phone: '1'.repeat(51) }],
  ])('rejects an invalid %s', async (path, input) => {
    const viewer = await accounts.open();
    expect(await update(input, viewer)).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path }],
    });
  });
});

describe('changing the password', () => {
  const change = (
    viewer: { userId: string; sessionId: string },
    input: object = {},
    dependencies = accounts.dependencies,
  ) => changePassword(dependencies, { currentPassword: password, newPassword, ...input }, viewer);

  test('revokes every other session, and the old password no longer works', async () => {
    const viewer = await accounts.open();
    const other = await accounts.signIn(viewer.email);
    expect(await change(viewer)).toMatchObject({ kind: 'changed', user: { id: viewer.userId } });
    expect(await refresh(other.refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
    expect(await refresh(viewer.refreshToken)).toMatchObject({ kind: 'refreshed' });
    expect(await signIn(viewer.email, password)).toEqual({ kind: 'invalid-credentials' });
    expect(await signIn(viewer.email, newPassword)).toMatchObject({ kind: 'signed-in' });
    expect((await accounts.eventsOf(viewer.userId)).at(-1)).toEqual([
      'shop.user.updated.v1',
      { userId: viewer.userId, role: 'CUSTOMER', changed: ['password'], changeId: expect.any(String) },
    ]);
  });

  test('requires the current password, and changes nothing without it', async () => {
    const viewer = await accounts.open();
    const before = await load(viewer.userId);
    expect(await change(viewer, { currentPassword: `${password}!` })).toEqual({ kind: 'invalid-credentials' });
    expect(await load(viewer.userId)).toEqual(before);
  });

  test.each([
    ['too short', 'short'],
    ['too long', 'x'.repeat(257)],
    ['common', 'password1234'],
  ])('rejects a password that is %s', async (_what, wrong) => {
    const viewer = await accounts.open();
    expect(await change(viewer, { newPassword: wrong })).toMatchObject({
      kind: 'invalid-input',
      issues: [{ path: 'newPassword' }],
    });
  });

  test('is refused to an account that was deactivated after its token was signed', async () => {
    const viewer = await accounts.open();
    await prisma().user.update({ where: { id: viewer.userId }, data: { active: false } });
    const before = await load(viewer.userId);
    expect(await change(viewer)).toEqual({ kind: 'invalid-credentials' });
    expect(await deleteAccount(accounts.dependencies, { password }, viewer)).toEqual({ kind: 'invalid-credentials' });
    expect(await load(viewer.userId)).toEqual(before);
  });

  test('succeeds once for two concurrent changes', async () => {
    const viewer = await accounts.open();
    const outcomes = await Promise.all([change(viewer), change(viewer, { newPassword: `${newPassword}!` })]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'invalid-credentials']);
  });

  test('returns too-many-attempts when the queue of hashes is full', async () => {
    const viewer = await accounts.open();
    const busy = { ...accounts.dependencies, hasher: await createPasswordHasher({ concurrency: 1, queue: 0 }) };
    const outcomes = await Promise.all([1, 2, 3].map(() => change(viewer, { currentPassword: 'wrong' }, busy)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['invalid-credentials', 'too-many-attempts']));
  });

  test('counts wrong passwords, and resets the count after a correct one', async () => {
    const strict = await startAccounts({ points: 3, seconds: 60 });
    try {
      const viewer = await strict.open();
      const attempt = (currentPassword: string) =>
        change(viewer, { currentPassword, newPassword: password }, strict.dependencies);
      for (let round = 0; round < 2; round += 1) {
        expect(await attempt('wrong')).toEqual({ kind: 'invalid-credentials' });
        expect(await attempt(password)).toMatchObject({ kind: 'changed' });
      }
      for (let round = 0; round < 3; round += 1) await attempt('wrong');
      expect(await attempt(password)).toMatchObject({ kind: 'too-many-attempts', retryAt: expect.any(Date) });
      expect(await deleteAccount(strict.dependencies, { password }, viewer)).toMatchObject({
        kind: 'too-many-attempts',
      });
    } finally {
      await strict.stop();
    }
  });
});

describe('deleting the account', () => {
  const remove = (viewer: { userId: string; sessionId: string }, secret = password) =>
    deleteAccount(accounts.dependencies, { password: secret }, viewer);

  test('requires the password', async () => {
    const viewer = await accounts.open();
    expect(await remove(viewer, `${password}!`)).toEqual({ kind: 'invalid-credentials' });
    await load(viewer.userId);
  });

  test('is refused when the password is changed while the old one is checked', async () => {
    const viewer = await accounts.open();
    const { dependencies } = accounts;
    const { hasher } = dependencies;
    const overtaken: typeof hasher = {
      ...hasher,
      async verify(hash, given) {
        const matches = await hasher.verify(hash, given);
        await changePassword(dependencies, { currentPassword: password, newPassword }, viewer);
        return matches;
      },
    };
    expect(await deleteAccount({ ...dependencies, hasher: overtaken }, { password }, viewer)).toEqual({
      kind: 'invalid-credentials',
    });
    await load(viewer.userId);
    expect(await signIn(viewer.email, newPassword)).toMatchObject({ kind: 'signed-in' });
  });

  test('removes all personal data, and publishes the deletion', async () => {
    const viewer = await accounts.open({ name: 'Unmistakable Name', phone: '+1 555 unmistakable' });
    await refresh(viewer.refreshToken);
    expect(await remove(viewer)).toEqual({ kind: 'deleted', userId: viewer.userId });
    const rows = [
      await prisma().user.findMany(),
      await prisma().session.findMany(),
      await prisma().outbox.findMany(),
      (await prisma().formerAddress.findMany()).map(({ sealed, ...row }) => [
        row,
        Buffer.from(sealed).toString('latin1'),
      ]),
    ];
    expect(await prisma().accountRequest.count({ where: { userId: viewer.userId } })).toBe(0);
    const text = JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const trace of [viewer.email, 'Unmistakable', 'unmistakable']) expect(text).not.toContain(trace);
    expect(await prisma().session.count({ where: { userId: viewer.userId } })).toBe(0);
    expect(await prisma().rotatedRefreshToken.count({ where: { sessionId: viewer.sessionId } })).toBe(0);
    expect((await accounts.eventsOf(viewer.userId)).at(-1)).toEqual([
      'shop.user.deleted.v1',
      { userId: viewer.userId, role: 'CUSTOMER', changeId: expect.any(String) },
    ]);
  });

  test('frees the e-mail, and a valid access token no longer finds the account', async () => {
    const viewer = await accounts.open();
    await remove(viewer);
    expect(await createUserLoader(accounts.dependencies.database).load(viewer.userId)).toBeNull();
    expect(await update({ name: 'Ghost' }, viewer)).toEqual({ kind: 'no-account' });
    expect(await remove(viewer)).toEqual({ kind: 'invalid-credentials' });
    expect(await refresh(viewer.refreshToken)).toMatchObject({ kind: 'invalid-refresh-token' });
    expect(await signIn(viewer.email, password)).toEqual({ kind: 'invalid-credentials' });
    const again = await accounts.open({ email: viewer.email });
    expect(again.userId).not.toBe(viewer.userId);
  });

  test('is refused to the last administrator, even when two delete their accounts concurrently', async () => {
    const admins = [await accounts.open(), await accounts.open()];
    await prisma().user.updateMany({
      where: { id: { in: admins.map(({ userId }) => userId) } },
      data: { role: 'ADMIN' },
    });
    const outcomes = await Promise.all(admins.map((admin) => remove(admin)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['deleted', 'invalid-input']);
    expect(await prisma().user.count({ where: { role: 'ADMIN', active: true } })).toBe(1);
  });

  test('succeeds once for concurrent requests', async () => {
    const viewer = await accounts.open();
    const outcomes = await Promise.all([1, 2, 3].map(() => remove(viewer)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['deleted', 'invalid-credentials', 'invalid-credentials']);
    expect((await accounts.eventsOf(viewer.userId)).filter(([type]) => type === 'shop.user.deleted.v1')).toHaveLength(
      1,
    );
  });
});
