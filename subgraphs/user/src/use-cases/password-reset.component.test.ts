import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { client, password, startAccounts, type Accounts, type Opened } from '../../test/accounts.ts';
import { createPasswordHasher, HasherBusyError } from '../auth/password-hasher.ts';
import { countOverdue } from '../db/overdue.ts';
import type { LIFETIMES_MS } from '../domain/account-request.ts';
import { beginAskedResets } from './begin-asked-resets.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import type { Dependencies } from './dependencies.ts';
import { findRecipient } from './find-recipient.ts';
import { forgetRequests } from './forget-requests.ts';
import { login } from './login.ts';
import { refreshSession } from './refresh-session.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resetPassword } from './reset-password.ts';
import { updateProfile } from './update-profile.ts';
import { verifyEmail } from './verify-email.ts';

const newPassword = 'staple battery horse correct';
const MINUTE = 60_000;
let accounts: Accounts;
let dependencies: Dependencies;
beforeAll(async () => {
  accounts = await startAccounts();
  dependencies = accounts.dependencies;
});
afterAll(() => accounts?.stop());

const prisma = () => dependencies.database.client;
const at = (time: number): Dependencies => ({ ...dependencies, now: () => new Date(time) });
const ask = (email: string, from = client, over: Dependencies = dependencies) =>
  requestPasswordReset(over, { email }, from);
const reset = (token: string, secret = newPassword, over: Dependencies = dependencies) =>
  resetPassword(over, { token, newPassword: secret });
const signIn = async (email: string, secret: string) =>
  (await login(dependencies, { email, password: secret }, client)).kind;
/** Asks for a reset and returns the link of the mail. */
async function linkTo({ email, userId }: Opened) {
  expect(await ask(email)).toEqual({ kind: 'noted' });
  await accounts.beginResets();
  return accounts.linkOf(userId, 'password_reset_requested');
}
const updatesOf = async (userId: string) =>
  (await accounts.eventsOf(userId)).filter(([type]) => type === 'shop.user.updated.v1').map(([, data]) => data);

describe('a reset by a link', () => {
  test('sets the password, ends every session, verifies the e-mail and publishes the change', async () => {
    const owner = await accounts.open();
    const other = await accounts.signIn(owner.email);
    const link = await linkTo(owner);
    expect(link.email).toBe(owner.email);
    expect(await reset(link.token)).toMatchObject({ kind: 'reset', user: { id: owner.userId, emailVerified: true } });
    expect([await signIn(owner.email, password), await signIn(owner.email, newPassword)]).toEqual([
      'invalid-credentials',
      'signed-in',
    ]);
    for (const { refreshToken } of [owner, other])
      expect(await refreshSession(dependencies, { refreshToken }, client)).toMatchObject({
        kind: 'invalid-refresh-token',
      });
    expect(await updatesOf(owner.userId)).toEqual([
      { userId: owner.userId, role: 'CUSTOMER', changed: ['password'], changeId: expect.any(String) },
    ]);
    const ended = (await accounts.eventsOf(owner.userId)).find(([type]) => type === 'shop.user.sessions_revoked.v1');
    expect((ended?.[1] as { sessionIds: string[] }).sessionIds.sort()).toEqual(
      [owner.sessionId, other.sessionId].sort(),
    );
  });

  test('checks the password before the token is used', async () => {
    const owner = await accounts.open();
    const { token } = await linkTo(owner);
    for (const wrong of ['short', 'x'.repeat(257), 'password1234'])
      expect(await reset(token, wrong)).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'newPassword' }] });
    const busy = { ...dependencies, hasher: await createPasswordHasher({ concurrency: 0, queue: 0 }) };
    await expect(reset(token, newPassword, busy)).rejects.toBeInstanceOf(HasherBusyError);
    expect(await reset(token)).toMatchObject({ kind: 'reset' });
  });

  test('works once, also when the link and another one of the request are used at the same time', async () => {
    const owner = await accounts.open();
    const { requestId, token } = await linkTo(owner);
    const again = await findRecipient(dependencies, { userId: owner.userId, requestId });
    const tokens = Array.from({ length: 6 }, (_, index) => (index % 2 ? token : (again.link?.token ?? '')));
    const outcomes = await accounts.releaseTogether(
      owner.userId,
      tokens.map((each, index) => () => reset(each, `${newPassword} ${index}`)),
    );
    expect(outcomes.filter(({ kind }) => kind === 'reset')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'invalid-token')).toHaveLength(5);
    expect(await updatesOf(owner.userId)).toHaveLength(1);
    const winner = outcomes.findIndex(({ kind }) => kind === 'reset');
    expect(await signIn(owner.email, `${newPassword} ${winner}`)).toBe('signed-in');
  });

  test('ends all other links to set a password, and a change of the e-mail that was not finished', async () => {
    const owner = await accounts.open();
    const [first, second] = [await linkTo(owner), await linkTo(owner)];
    await updateProfile(dependencies, { email: `x.${owner.email}`, currentPassword: password }, owner, client);
    const change = await accounts.linkOf(owner.userId, 'email_verification_requested');
    expect(await reset(first.token)).toMatchObject({ kind: 'reset' });
    expect(await reset(second.token)).toEqual({ kind: 'invalid-token' });
    expect(await verifyEmail(dependencies, change)).toEqual({ kind: 'invalid-token' });
    expect(await prisma().accountRequest.count({ where: { userId: owner.userId } })).toBe(0);
  });

  test('lives for 30 minutes from the request', async () => {
    const [asked, owner] = [Date.now(), await accounts.open()];
    await ask(owner.email, client, at(asked));
    await accounts.beginResets();
    const { token, requestId, expiresAt } = await accounts.linkOf(owner.userId, 'password_reset_requested');
    expect(expiresAt).toEqual(new Date(asked + 30 * MINUTE));
    expect(await reset(token, newPassword, at(asked + 30 * MINUTE))).toEqual({ kind: 'invalid-token' });
    const late = at(asked + 30 * MINUTE);
    expect(await findRecipient(late, { userId: owner.userId, requestId })).toEqual({ recipient: null, link: null });
    expect(await reset(token, newPassword, at(asked + 30 * MINUTE - 1))).toMatchObject({ kind: 'reset' });
  });

  test.each<[string, (owner: Opened) => Promise<unknown>]>([
    [
      'the account is inactive',
      ({ userId }) => prisma().user.update({ where: { id: userId }, data: { active: false } }),
    ],
    ['the account is deleted', (owner) => deleteAccount(dependencies, { password }, owner)],
    [
      'the password was changed',
      (owner) => changePassword(dependencies, { currentPassword: password, newPassword: `${password}!` }, owner),
    ],
  ])('is refused once %s', async (_when, happens) => {
    const owner = await accounts.open();
    const { token, requestId } = await linkTo(owner);
    await happens(owner);
    expect(await reset(token)).toEqual({ kind: 'invalid-token' });
    expect(await findRecipient(dependencies, { userId: owner.userId, requestId })).toEqual({
      recipient: null,
      link: null,
    });
  });

  test('needs a token of a link that sets a password', async () => {
    const owner = await accounts.open();
    const verification = await accounts.linkOf(owner.userId, 'created');
    const { requestId } = await linkTo(owner);
    for (const token of ['', requestId, verification.token, 'a\0b', 'ä'.repeat(10_000)])
      expect(await reset(token)).toEqual({ kind: 'invalid-token' });
    expect(await signIn(owner.email, password)).toBe('signed-in');
  });

  test('hashes nothing without such a token', async () => {
    const { hasher } = dependencies;
    const hash = jest.fn(hasher.hash);
    expect(await reset('unknown', newPassword, { ...dependencies, hasher: { ...hasher, hash } })).toEqual({
      kind: 'invalid-token',
    });
    expect(hash).not.toHaveBeenCalled();
  });

  test('stores no token, only hashes', async () => {
    const { token } = await linkTo(await accounts.open());
    const rows = (await prisma().linkToken.findMany()).map(({ hash }) => Buffer.from(hash));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toHaveLength(32);
      expect(row.equals(Buffer.from(token, 'base64url'))).toBe(false);
    }
    const outbox = JSON.stringify(await prisma().outbox.findMany(), (_key, value: unknown) => String(value));
    expect(outbox).not.toContain(token);
  });
});

describe('asking for a reset', () => {
  /** Returns the statements that `work` sends to PostgreSQL, with their parameters' number. */
  async function statements(work: () => Promise<unknown>): Promise<string[]> {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    await work();
    const texts = spy.mock.calls.map(([query]: unknown[]) =>
      typeof query === 'string' ? query : (query as { text: string }).text,
    );
    spy.mockRestore();
    return texts;
  }

  test('does the same statements and gives the same answer for an account, none, and an inactive one', async () => {
    const [known, inactive] = [await accounts.open(), await accounts.open()];
    await prisma().user.update({ where: { id: inactive.userId }, data: { active: false } });
    const emails = [known.email, inactive.email, `${uuidv7()}@example.com`, known.email.toUpperCase()];
    const sent: string[][] = [];
    for (const email of emails)
      sent.push(await statements(async () => expect(await ask(email)).toEqual({ kind: 'noted' })));
    expect(sent[0]?.length).toBeGreaterThan(0);
    for (const each of sent) expect(each).toEqual(sent[0]);
    // The request itself never reads accounts.
    expect(sent.flat().filter((text) => /\busers\b/.test(text))).toEqual([]);
    await accounts.beginResets();
    const asked = (userId: string) => prisma().accountRequest.count({ where: { userId, purpose: 'RESET_PASSWORD' } });
    expect([await asked(known.userId), await asked(inactive.userId)]).toEqual([2, 0]);
    expect(await prisma().askedReset.count()).toBe(0);
  });

  test.each(['', 'nobody', 'x@y', 'a\0b@example.com'])('rejects the e-mail %j', async (email) => {
    expect(await ask(email)).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'email' }] });
  });

  test('refuses a flood in the same way for an account and for none, and sends no more mails than that', async () => {
    const throttle = accounts.openThrottle({ linksToEmail: { points: 5, seconds: 60 } });
    const over = { ...dependencies, throttle };
    const owner = await accounts.open();
    const flood = async (email: string) => {
      const outcomes = await Promise.all(Array.from({ length: 40 }, () => ask(email, client, over)));
      return outcomes.map(({ kind }) => kind).sort();
    };
    const [known, unknown] = [await flood(owner.email), await flood(`${uuidv7()}@example.com`)];
    expect(known).toEqual([...Array(5).fill('noted'), ...Array(35).fill('too-many-attempts')]);
    expect(unknown).toEqual(known);
    await Promise.all([1, 2, 3].map(() => beginAskedResets(dependencies)));
    const requested = (await accounts.eventsOf(owner.userId)).filter(([type]) => type.includes('reset_requested'));
    expect(requested).toHaveLength(5);
    await throttle.close();
  });

  test('takes each asked reset once, however many replicas work and however many there are', async () => {
    const owners = [await accounts.open(), await accounts.open()];
    const askedAt = new Date();
    const rows = Array.from({ length: 250 }, (_, index) => ({
      id: uuidv7(),
      emailKey: owners[index]?.email ?? `${uuidv7()}@example.com`,
      askedAt,
    }));
    await prisma().askedReset.createMany({ data: rows });
    await prisma().askedReset.update({ where: { id: rows[9]!.id }, data: { askedAt: new Date(Date.now() - MINUTE) } });
    expect(await countOverdue(dependencies, 30_000)).toEqual({ 'password resets': 1 });
    expect(await beginAskedResets(dependencies)).toBe(true);
    expect(await countOverdue(dependencies, 30_000)).toEqual({ 'password resets': 0 });
    await Promise.all(Array.from({ length: 4 }, () => accounts.beginResets()));
    expect(await prisma().askedReset.count()).toBe(0);
    for (const { userId } of owners)
      expect(await prisma().accountRequest.count({ where: { userId, purpose: 'RESET_PASSWORD' } })).toBe(1);
  });
});

test('housekeeping deletes requests that have expired, with their links, and no others', async () => {
  const owner = await accounts.open();
  await linkTo(owner);
  const purposes = async () =>
    (await prisma().accountRequest.findMany({ where: { userId: owner.userId } })).map(({ purpose }) => purpose);
  await forgetRequests(dependencies);
  expect((await purposes()).sort()).toEqual(['RESET_PASSWORD', 'VERIFY_EMAIL'] satisfies (keyof typeof LIFETIMES_MS)[]);
  await forgetRequests(at(Date.now() + 31 * MINUTE));
  expect(await purposes()).toEqual(['VERIFY_EMAIL']);
  expect(await prisma().linkToken.count({ where: { request: { userId: owner.userId } } })).toBe(0);
});
