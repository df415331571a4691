import { appendToOutbox } from '@shop/messaging';
import { appendAudit, issuesFrom, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { deleteRequests, insertRequests } from '../db/account-requests.ts';
import type { Transaction } from '../db/database.ts';
import { loadAccount, loadAccountByEmail, lockAccount, updateProfile as updateRow, type Account } from '../db/users.ts';
import { newRequest } from '../domain/account-request.ts';
import { changeProfile, type ProfileChange, type User } from '../domain/user.ts';
import { emailChangeWasRequested, emailVerificationWasRequested, userWasUpdated } from '../events/outgoing.ts';
import { accountInput } from './account-input.ts';
import { checkOwnPassword, whenHasherIsBusy, type PasswordRefusal } from './check-own-password.ts';
import type { Client, Dependencies, SignedIn } from './dependencies.ts';
import { revealTakenEmail } from './reveal-taken-email.ts';

const profile = z.object({
  email: accountInput.email.optional(),
  name: accountInput.name.optional(),
  /** An absent phone stays. Null or empty removes it. */
  phone: accountInput.phone.optional(),
  currentPassword: z.string().nullish(),
});

export type UpdateProfileOutcome =
  | { readonly kind: 'updated'; readonly user: User }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'email-taken' }
  | PasswordRefusal
  /** The account was deleted or deactivated after the access token was signed. */
  | { readonly kind: 'no-account' };

/** Another e-mail that the caller may ask for. */
interface NewEmail {
  readonly email: string;
  /** The account whose password was proven. */
  readonly proven: Account;
}

/**
 * Changes the given fields of the caller's profile. When nothing differs, no event is sent. Another e-mail needs the password: with
 * the e-mail, a stolen access token would take over the account. The account keeps its e-mail until the other one is verified.
 */
export async function updateProfile(
  dependencies: Dependencies,
  input: unknown,
  viewer: SignedIn,
  client: Client,
): Promise<UpdateProfileOutcome> {
  const parsed = profile.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { currentPassword, email, ...wish } = parsed.data;
  try {
    const asked = await proveNewEmail(dependencies, email, currentPassword ?? null, { viewer, client });
    if (asked !== null && 'kind' in asked) return asked;
    return await change(dependencies, wish, asked, viewer);
  } catch (error) {
    return whenHasherIsBusy(error, dependencies);
  }
}

/** Returns the e-mail that the caller may ask for, null when the e-mail stays, or the refusal. */
async function proveNewEmail(
  dependencies: Dependencies,
  email: string | undefined,
  currentPassword: string | null,
  { viewer, client }: { viewer: SignedIn; client: Client },
): Promise<NewEmail | null | PasswordRefusal | { readonly kind: 'email-taken' }> {
  if (email === undefined) return null;
  const { database, throttle } = dependencies;
  const account = await loadAccount(database.client, viewer.userId);
  if (!account || account.email === email) return null;
  if (currentPassword === null) return { kind: 'invalid-credentials' };
  const check = await checkOwnPassword(dependencies, viewer.userId, currentPassword);
  if (check.kind !== 'matches') return check;
  const attempt = await throttle.changeEmail(viewer.userId, client.ip);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  const holder = await loadAccountByEmail(database, email);
  if (holder && holder.id !== viewer.userId) return revealTakenEmail(dependencies, client);
  const mail = await throttle.sendLink('verification', { email }, client.ip);
  return mail.isAllowed ? { email, proven: check.account } : { kind: 'too-many-attempts', retryAt: mail.retryAt };
}

function change(
  { database, now }: Dependencies,
  wish: ProfileChange,
  asked: NewEmail | null,
  { userId }: SignedIn,
): Promise<UpdateProfileOutcome> {
  return database.transact(async (tx) => {
    const account = await lockAccount(tx, userId);
    if (!account?.active) return { kind: 'no-account' };
    const { passwordHash, ...before } = account;
    // A concurrent request may have changed the password.
    if (asked && asked.proven.passwordHash !== passwordHash) return { kind: 'invalid-credentials' };
    const at = now();
    const { user, changed } = changeProfile(before, wish, at);
    if (changed.length > 0) {
      await updateRow(tx, user);
      await appendToOutbox(sqlOver(tx), [userWasUpdated(user, changed)]);
    }
    // Another one may have become the account's by a link.
    if (asked && asked.email !== before.email) await askForVerification(tx, userId, asked.email, at);
    return { kind: 'updated', user };
  });
}

/** Begins the change of the e-mail. It replaces one that was not finished. */
async function askForVerification(tx: Transaction, userId: string, email: string, at: Date): Promise<void> {
  const request = newRequest({ id: uuidv7(), userId, at }, { purpose: 'CHANGE_EMAIL', email });
  await deleteRequests(tx, userId, ['CHANGE_EMAIL']);
  await insertRequests(tx, [request]);
  await appendToOutbox(sqlOver(tx), [emailVerificationWasRequested(request), emailChangeWasRequested(request)]);
  const entry = { actorId: userId, action: 'EMAIL_CHANGE_REQUESTED', subjectId: userId, details: {} };
  await appendAudit(tx, [entry], at);
}
