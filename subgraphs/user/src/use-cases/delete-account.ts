import { appendToOutbox } from '@shop/messaging';
import { appendAudit, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { lockForAdministration } from '../db/administration.ts';
import { revokeSessions } from '../db/sessions.ts';
import { deleteUser, loadAccount } from '../db/users.ts';
import { isLastAdmin } from '../domain/access.ts';
import { userWasDeleted } from '../events/outgoing.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import { checkOwnPassword, whenHasherIsBusy, type PasswordRefusal } from './check-own-password.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';
import { keepFormerAddress } from './keep-former-address.ts';

export type DeleteAccountOutcome =
  | { readonly kind: 'deleted'; readonly userId: string }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | PasswordRefusal;

/**
 * Deletes the caller's account with its personal data, sessions, requests and hashes. Its e-mail can be used again, and is kept
 * encrypted for 72 hours, for the notice of the deletion.
 * Other subgraphs erase their data on the event. The last active administrator cannot be deleted.
 */
export function deleteAccount(
  dependencies: Dependencies,
  input: { password: string },
  viewer: SignedIn,
): Promise<DeleteAccountOutcome> {
  return checkAndDelete(dependencies, input, viewer).catch((error: unknown) => whenHasherIsBusy(error, dependencies));
}

const lastAdmin: InputIssue = { path: '', message: 'must leave at least one active administrator' };

async function checkAndDelete(
  dependencies: Dependencies,
  { password }: { password: string },
  viewer: SignedIn,
): Promise<DeleteAccountOutcome> {
  const { userId } = viewer;
  const at = dependencies.now();
  const check = await checkOwnPassword(dependencies, userId, password);
  if (check.kind !== 'matches') return check;
  return dependencies.database.transact(async (tx): Promise<DeleteAccountOutcome> => {
    const { user, activeAdmins } = await lockForAdministration(tx, userId, userId);
    if (user && isLastAdmin(user, activeAdmins)) return { kind: 'invalid-input', issues: [lastAdmin] };
    const current = await loadAccount(tx, userId);
    if (current?.passwordHash !== check.account.passwordHash) return { kind: 'invalid-credentials' };
    // Before the account and its sessions are gone.
    await revokeSessions(tx, { userId, at });
    await announceEndedSessions(tx, { userId, at });
    await deleteUser(tx, userId);
    const changeId = uuidv7();
    await keepFormerAddress(tx, dependencies, { changeId, userId, email: current.email, at });
    await appendToOutbox(sqlOver(tx), [userWasDeleted(current, changeId)]);
    const entry = { actorId: userId, action: 'ACCOUNT_DELETED', subjectId: userId, details: { role: current.role } };
    await appendAudit(tx, [entry], at);
    return { kind: 'deleted', userId };
  });
}
