import { createRandom } from '@shop/testing';
import { uuidv7 } from '@shop/subgraph';
import { client, password, startAccounts, type Accounts, type Opened } from '../../test/accounts.ts';
import { createAddressSealer } from '../auth/address-sealer.ts';
import { createPendingEmailLoader } from '../db/account-requests.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import type { Dependencies } from './dependencies.ts';
import { findRecipient } from './find-recipient.ts';
import { forgetRequests } from './forget-requests.ts';
import { listFormerEmails } from './keep-former-address.ts';
import { login } from './login.ts';
import { requestEmailVerification } from './request-email-verification.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resetPassword } from './reset-password.ts';
import { updateProfile, type UpdateProfileOutcome } from './update-profile.ts';
import { verifyEmail, type VerifyEmailOutcome } from './verify-email.ts';

const HOUR = 60 * 60_000;
let accounts: Accounts;
let dependencies: Dependencies;
beforeAll(async () => {
  accounts = await startAccounts();
  dependencies = accounts.dependencies;
});
afterAll(() => accounts?.stop());

const prisma = () => dependencies.database.client;
const at = (time: number): Dependencies => ({ ...dependencies, now: () => new Date(time) });
const load = (id: string) => prisma().user.findUniqueOrThrow({ where: { id } });
const change = (viewer: Opened, email: string, rest: object = {}) =>
  updateProfile(dependencies, { email, currentPassword: password, ...rest }, viewer, client);
const verify = (token: string, over: Dependencies = dependencies) => verifyEmail(over, { token });
const resend = (viewer: Opened) => requestEmailVerification(dependencies, viewer, client);
const pendingOf = (userId: string, now = () => new Date()) =>
  createPendingEmailLoader(dependencies.database, now).load(userId);
const linkOf = (viewer: Opened) => accounts.linkOf(viewer.userId, 'email_verification_requested');
/** The events of an account after the first, without their common members. */
const laterEvents = async (userId: string) =>
  (await accounts.eventsOf(userId))
    .slice(1)
    .map(([type, data]) => [type, { ...data, userId: undefined, role: undefined, requestId: undefined }]);

describe('verifying the e-mail of an account', () => {
  test('works with the link that is sent at the registration, once', async () => {
    const viewer = await accounts.open();
    expect(await load(viewer.userId)).toMatchObject({ emailVerified: false });
    const link = await accounts.linkOf(viewer.userId, 'created');
    expect(link.email).toBe(viewer.email);
    expect(await verify(link.token)).toMatchObject({ kind: 'verified', user: { emailVerified: true } });
    expect(await verify(link.token)).toEqual({ kind: 'invalid-token' });
    expect(await laterEvents(viewer.userId)).toEqual([]);
  });

  test('works with a link that is sent again, while earlier ones work too until one is used', async () => {
    const viewer = await accounts.open();
    const first = await accounts.linkOf(viewer.userId, 'created');
    expect(await resend(viewer)).toEqual({ kind: 'requested' });
    const second = await linkOf(viewer);
    expect(second.requestId).not.toBe(first.requestId);
    expect(await laterEvents(viewer.userId)).toEqual([
      ['shop.user.email_verification_requested.v1', { purpose: 'VERIFY_CURRENT' }],
    ]);
    const uses = [first, second, first, second].map(
      ({ token }) =>
        () =>
          verify(token),
    );
    const outcomes = await accounts.releaseTogether(viewer.userId, uses);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([...Array(3).fill('invalid-token'), 'verified']);
    expect(await resend(viewer)).toEqual({ kind: 'requested' });
    expect(await laterEvents(viewer.userId)).toHaveLength(1);
  });

  test('works for 24 hours, and not for an inactive account', async () => {
    const viewer = await accounts.open();
    const { token, expiresAt } = await accounts.linkOf(viewer.userId, 'created');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 23 * HOUR);
    expect(await verify(token, at(expiresAt.getTime()))).toEqual({ kind: 'invalid-token' });
    await prisma().user.update({ where: { id: viewer.userId }, data: { active: false } });
    expect(await verify(token)).toEqual({ kind: 'invalid-token' });
    expect(await resend(viewer)).toEqual({ kind: 'no-account' });
  });

  test('is sent again a limited number of times, for an account and for an e-mail', async () => {
    const throttle = accounts.openThrottle({ linksToEmail: { points: 2, seconds: 60 } });
    const over = { ...dependencies, throttle };
    const [viewer, other] = [await accounts.open(), await accounts.open()];
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => requestEmailVerification(over, viewer, client)),
    );
    expect(outcomes.filter(({ kind }) => kind === 'requested')).toHaveLength(2);
    expect(await laterEvents(viewer.userId)).toHaveLength(2);
    // One mailbox is not filled by several accounts either.
    const target = `${uuidv7()}@example.com`;
    const input = { email: target, currentPassword: password };
    for (const each of [viewer, other])
      expect(await updateProfile(over, input, each, client)).toMatchObject({ kind: 'updated' });
    expect(await updateProfile(over, input, await accounts.open(), client)).toMatchObject({
      kind: 'too-many-attempts',
      retryAt: expect.any(Date),
    });
    await throttle.close();
  });
});

describe('changing the e-mail', () => {
  test('keeps the account’s e-mail until the new one is verified, and tells of both', async () => {
    const viewer = await accounts.open();
    const email = `New.${viewer.email}`;
    expect(await change(viewer, email, { name: 'Grace' })).toMatchObject({
      kind: 'updated',
      user: { name: 'Grace', email: viewer.email },
    });
    expect(await pendingOf(viewer.userId)).toBe(email);
    expect(await laterEvents(viewer.userId)).toEqual([
      ['shop.user.updated.v1', { changed: ['name'], changeId: expect.any(String) }],
      ['shop.user.email_verification_requested.v1', { purpose: 'CHANGE' }],
      ['shop.user.email_change_requested.v1', {}],
    ]);
    const link = await linkOf(viewer);
    expect(link.email).toBe(email);
    expect(await login(dependencies, { email, password }, client)).toMatchObject({ kind: 'invalid-credentials' });

    expect(await verify(link.token)).toMatchObject({ kind: 'verified', user: { email, emailVerified: true } });
    expect(await pendingOf(viewer.userId)).toBeNull();
    expect(await load(viewer.userId)).toMatchObject({ email, emailKey: email.toLowerCase() });
    expect(await login(dependencies, { email: email.toUpperCase(), password }, client)).toMatchObject({
      kind: 'signed-in',
    });
    const [type, last] = (await accounts.eventsOf(viewer.userId)).at(-1) ?? [];
    expect([type, last]).toEqual(['shop.user.updated.v1', expect.objectContaining({ changed: ['email'] })]);
    const { changeId } = last as { changeId: string };
    expect(await findRecipient(dependencies, { userId: viewer.userId, changeId })).toEqual({
      recipient: { email: viewer.email, name: 'Grace', phone: null },
      link: null,
    });
    expect(await listFormerEmails(dependencies, viewer.userId)).toEqual([viewer.email]);
  });

  test('is replaced by another change, ends after 24 hours, and is sent again', async () => {
    const viewer = await accounts.open();
    await change(viewer, `a.${viewer.email}`);
    const first = await linkOf(viewer);
    await change(viewer, `b.${viewer.email}`);
    expect(await verify(first.token)).toEqual({ kind: 'invalid-token' });
    const second = await linkOf(viewer);
    expect(await pendingOf(viewer.userId, () => second.expiresAt)).toBeNull();
    expect(await resend(viewer)).toEqual({ kind: 'requested' });
    const third = await linkOf(viewer);
    expect(third).toMatchObject({ email: `b.${viewer.email}` });
    expect(third.requestId).not.toBe(second.requestId);
    expect(await verify(second.token)).toMatchObject({ kind: 'verified' });
    expect(await verify(third.token)).toEqual({ kind: 'invalid-token' });
  });

  test('ends links that were sent to the former e-mail', async () => {
    const viewer = await accounts.open();
    await requestPasswordReset(dependencies, { email: viewer.email }, client);
    await accounts.beginResets();
    const reset = await accounts.linkOf(viewer.userId, 'password_reset_requested');
    await change(viewer, `new.${viewer.email}`);
    expect(await verify((await linkOf(viewer)).token)).toMatchObject({ kind: 'verified' });
    const input = { token: reset.token, newPassword: 'staple battery horse correct' };
    expect(await resetPassword(dependencies, input)).toEqual({ kind: 'invalid-token' });
  });

  test('is forgotten when the owner changes the password', async () => {
    const viewer = await accounts.open();
    await change(viewer, `new.${viewer.email}`);
    const link = await linkOf(viewer);
    const verification = await accounts.linkOf(viewer.userId, 'created');
    const input = { currentPassword: password, newPassword: `${password}!` };
    expect(await changePassword(dependencies, input, viewer)).toMatchObject({ kind: 'changed' });
    expect(await verify(link.token)).toEqual({ kind: 'invalid-token' });
    expect(await pendingOf(viewer.userId)).toBeNull();
    expect(await verify(verification.token)).toMatchObject({ kind: 'verified', user: { email: viewer.email } });
  });

  test('gives an e-mail to one account only, without regard to case, even concurrently', async () => {
    const [first, second, third] = [await accounts.open(), await accounts.open(), await accounts.open()];
    expect(await change(second, first.email.toUpperCase())).toEqual({ kind: 'email-taken' });
    expect(await change(first, first.email.toUpperCase())).toMatchObject({ kind: 'updated' });
    expect(await verify((await linkOf(first)).token)).toMatchObject({ user: { email: first.email.toUpperCase() } });
    const wanted = `wanted.${first.email}`;
    const both = [second, third];
    for (const viewer of both) expect(await change(viewer, wanted)).toMatchObject({ kind: 'updated' });
    const links = await Promise.all(both.map(linkOf));
    const outcomes = await Promise.all(links.map(({ token }) => verify(token)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['email-taken', 'verified']);
    const loser = outcomes.findIndex(({ kind }) => kind === 'email-taken');
    expect(await load(both[loser]!.userId)).toMatchObject({ email: both[loser]!.email, emailVerified: false });
    expect(await pendingOf(both[loser]!.userId)).toBe(wanted);
    // The e-mail is free again, and the link still works.
    await deleteAccount(dependencies, { password }, both[1 - loser]!);
    expect(await verify(links[loser]!.token)).toMatchObject({ kind: 'verified', user: { email: wanted } });
  });

  test('races with its verification without a state between the two', async () => {
    for (let round = 0; round < 6; round += 1) {
      const viewer = await accounts.open();
      const [a, b] = [`a.${viewer.email}`, `b.${viewer.email}`];
      await change(viewer, a);
      const { token } = await linkOf(viewer);
      const verifying = () => verify(token);
      const changing = () => change(viewer, b);
      const outcomes = await accounts.releaseTogether<VerifyEmailOutcome | UpdateProfileOutcome>(
        viewer.userId,
        round % 2 ? [verifying, changing] : [changing, verifying],
      );
      const [verified, changed] = round % 2 ? outcomes : outcomes.toReversed();
      expect(changed).toMatchObject({ kind: 'updated' });
      expect(await pendingOf(viewer.userId)).toBe(b);
      const { email } = await load(viewer.userId);
      expect(email).toBe(verified?.kind === 'verified' ? a : viewer.email);
      expect(await verify((await linkOf(viewer)).token)).toMatchObject({ user: { email: b } });
    }
  });
});

test('whatever the order of steps, an account has the e-mail that was verified last, and one pending at most', async () => {
  const random = createRandom(13);
  for (let round = 0; round < 5; round += 1) {
    const viewer = await accounts.open();
    const sent: { email: string; token: string; isLive: boolean }[] = [];
    const model = { email: viewer.email, pending: null as string | null, verified: false };
    const first = await accounts.linkOf(viewer.userId, 'created');
    sent.push({ email: viewer.email, token: first.token, isLive: true });
    for (let step = 0; step < 12; step += 1) {
      const choice = random.below(3);
      if (choice === 0) {
        const email = `${step}.${viewer.email}`;
        expect(await change(viewer, email)).toMatchObject({ kind: 'updated' });
        for (const link of sent) if (link.email !== model.email) link.isLive = false;
        model.pending = email;
        sent.push({ email, token: (await linkOf(viewer)).token, isLive: true });
      } else if (choice === 1) {
        expect(await resend(viewer)).toEqual({ kind: 'requested' });
        if (model.pending !== null || !model.verified)
          sent.push({ email: model.pending ?? model.email, token: (await linkOf(viewer)).token, isLive: true });
      } else {
        const link = random.pick(sent);
        expect((await verify(link.token)).kind).toBe(link.isLive ? 'verified' : 'invalid-token');
        if (!link.isLive) continue;
        const isChange = link.email !== model.email;
        Object.assign(model, { email: link.email, verified: true, ...(isChange ? { pending: null } : {}) });
        for (const each of sent) if (isChange || each.email === link.email) each.isLive = false;
      }
      expect(await load(viewer.userId)).toMatchObject({ email: model.email, emailVerified: model.verified });
      expect(await pendingOf(viewer.userId)).toBe(model.pending);
    }
  }
});

describe('a former e-mail', () => {
  test('is where a notice goes whose event happened before the change', async () => {
    const viewer = await accounts.open();
    const changeTo = async (email: string) => {
      await change(viewer, email);
      await verify((await linkOf(viewer)).token);
      return (
        await prisma().formerAddress.findFirstOrThrow({
          where: { userId: viewer.userId },
          orderBy: { createdAt: 'desc' },
        })
      ).createdAt;
    };
    const [second, third] = [`second.${viewer.email}`, `third.${viewer.email}`];
    const [toSecond, toThird] = [await changeTo(second), await changeTo(third)];
    const addressAt = async (time: Date, over: Dependencies = dependencies) =>
      (await findRecipient(over, { userId: viewer.userId, at: time })).recipient?.email;
    expect(await addressAt(new Date(toSecond.getTime() - 1))).toBe(viewer.email);
    expect(await addressAt(toSecond)).toBe(second);
    expect(await addressAt(toThird)).toBe(third);
    // An address that cannot be read is not replaced by the one of somebody else.
    const otherKey = { ...dependencies, sealer: createAddressSealer(new Uint8Array(32)) };
    expect(await addressAt(toSecond, otherKey)).toBeUndefined();
    expect(await addressAt(toThird, otherKey)).toBe(third);
  });

  test('of a deleted account is kept encrypted for 72 hours, and nothing else is', async () => {
    const viewer = await accounts.open({ name: 'Unmistakable Name' });
    const now = Date.now();
    await deleteAccount(dependencies, { password }, viewer);
    const [type, data] = (await accounts.eventsOf(viewer.userId)).at(-1) ?? [];
    expect(type).toBe('shop.user.deleted.v1');
    const { changeId } = data as { changeId: string };
    const ask = (over: Dependencies = dependencies) => findRecipient(over, { userId: viewer.userId, changeId });
    const kept = { recipient: { email: viewer.email, name: '', phone: null }, link: null };
    expect(await ask()).toEqual(kept);
    const row = await prisma().formerAddress.findUniqueOrThrow({ where: { changeId } });
    expect(Buffer.from(row.sealed).toString('latin1')).not.toContain(viewer.email.slice(0, 8));

    const none = { recipient: null, link: null };
    expect(await ask({ ...dependencies, sealer: createAddressSealer(new Uint8Array(32)) })).toEqual(none);
    expect(await findRecipient(dependencies, { userId: uuidv7(), changeId })).toEqual(none);
    expect(await findRecipient(dependencies, { userId: viewer.userId, changeId: uuidv7() })).toEqual(none);
    expect(await findRecipient(dependencies, { userId: viewer.userId })).toEqual(none);

    await forgetRequests(at(now + 71 * HOUR));
    expect(await ask(at(now + 71 * HOUR))).toEqual(kept);
    expect(await ask(at(row.createdAt.getTime() + 72 * HOUR))).toEqual(none);
    await forgetRequests(at(row.createdAt.getTime() + 72 * HOUR + 1));
    expect(await prisma().formerAddress.count({ where: { changeId } })).toBe(0);
  });
});
