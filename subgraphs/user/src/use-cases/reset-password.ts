import { appendToOutbox } from '@shop/messaging';
import { appendAudit, issuesFrom, sqlOver, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { hashToken } from '../auth/opaque-token.ts';
import { deleteRequests, findRequestByToken, lockAccountByToken } from '../db/account-requests.ts';
import { revokeSessions } from '../db/sessions.ts';
import { updatePasswordByLink } from '../db/users.ts';
import { passwordPurposes } from '../domain/account-request.ts';
import type { User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import { accountInput } from './account-input.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import type { Dependencies } from './dependencies.ts';

const change = z.object({ newPassword: accountInput.password });

export type ResetPasswordOutcome =
  | { readonly kind: 'reset'; readonly user: User }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'invalid-token' };

/**
 * Sets the password of the account of a link, and revokes its sessions. All requests of the account end with it: its other links,
 * and a change of the e-mail that somebody else may have asked for. Throws HasherBusyError, and then the link still works.
 */
export async function resetPassword(
  { database, hasher, now }: Pick<Dependencies, 'database' | 'hasher' | 'now'>,
  { token, ...input }: { readonly token: string; readonly newPassword: string },
): Promise<ResetPasswordOutcome> {
  const parsed = change.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const hash = hashToken(token);
  // Only who has a link makes this process hash.
  if (!(await findRequestByToken(database.client, hash, passwordPurposes, now()))) return { kind: 'invalid-token' };
  const passwordHash = await hasher.hash(parsed.data.newPassword);
  const at = now();
  return database.transact(async (tx): Promise<ResetPasswordOutcome> => {
    const found = await lockAccountByToken(tx, hash, passwordPurposes, at);
    if (found === null) return { kind: 'invalid-token' };
    const { id } = found.account;
    const user = await updatePasswordByLink(tx, { id, passwordHash, updatedAt: at });
    await deleteRequests(tx, id);
    await revokeSessions(tx, { userId: id, at });
    await announceEndedSessions(tx, { userId: id, at });
    await appendToOutbox(sqlOver(tx), [userWasUpdated(user, ['password'])]);
    await appendAudit(tx, [{ actorId: id, action: 'PASSWORD_RESET', subjectId: id, details: {} }], at);
    return { kind: 'reset', user };
  });
}
