import { appendToOutbox } from '@shop/messaging';
import { appendAudit, issuesFrom, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { deleteRequests } from '../db/account-requests.ts';
import { revokeSessions } from '../db/sessions.ts';
import { replacePasswordHash } from '../db/users.ts';
import { passwordPurposes } from '../domain/account-request.ts';
import type { User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import { accountInput } from './account-input.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import { checkOwnPassword, whenHasherIsBusy, type PasswordRefusal } from './check-own-password.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

const change = z.object({ newPassword: accountInput.password });

export type ChangePasswordOutcome =
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | PasswordRefusal;

interface ChangePassword {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Changes the caller's password, and revokes all other sessions. Links to set a password and a change of the e-mail end. */
export async function changePassword(
  dependencies: Dependencies,
  input: ChangePassword,
  viewer: SignedIn,
): Promise<ChangePasswordOutcome> {
  const parsed = change.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  return checkAndChange(dependencies, input, viewer).catch((error: unknown) => whenHasherIsBusy(error, dependencies));
}

async function checkAndChange(
  dependencies: Dependencies,
  { currentPassword, newPassword }: ChangePassword,
  { userId, sessionId }: SignedIn,
): Promise<ChangePasswordOutcome> {
  const { database, hasher, now } = dependencies;
  const check = await checkOwnPassword(dependencies, userId, currentPassword);
  if (check.kind !== 'matches') return check;
  const to = await hasher.hash(newPassword);
  const at = now();
  return database.transact(async (tx) => {
    // Of two concurrent changes, the second finds another hash: the password that it checked is no longer current.
    const user = await replacePasswordHash(tx, { id: userId, from: check.account.passwordHash, to, at });
    if (!user) return { kind: 'invalid-credentials' };
    // Somebody else may have asked for them.
    await deleteRequests(tx, userId, [...passwordPurposes, 'CHANGE_EMAIL']);
    const others = { userId, except: sessionId, at };
    await revokeSessions(tx, others);
    await announceEndedSessions(tx, others);
    await appendToOutbox(sqlOver(tx), [userWasUpdated(user, ['password'])]);
    await appendAudit(tx, [{ actorId: userId, action: 'PASSWORD_CHANGED', subjectId: userId, details: {} }], at);
    return { kind: 'changed', user };
  });
}
