import { appendToOutbox } from '@shop/messaging';
import { sqlOver, type InputIssue } from '@shop/subgraph';
import { lockForAdministration } from '../db/administration.ts';
import { deleteUser } from '../db/users.ts';
import { isLastAdmin } from '../domain/access.ts';
import { userWasDeleted } from '../events/outgoing.ts';
import { checkOwnPassword, whenHasherIsBusy, type PasswordRefusal } from './check-own-password.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

export type DeleteAccountOutcome =
  | { readonly kind: 'deleted'; readonly userId: string }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | PasswordRefusal;

/**
 * Deletes the caller's account with its personal data, sessions and hashes. Its e-mail can be used again.
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
  { userId }: SignedIn,
): Promise<DeleteAccountOutcome> {
  const check = await checkOwnPassword(dependencies, userId, password);
  if (check.kind !== 'matches') return check;
  return dependencies.database.transact(async (tx): Promise<DeleteAccountOutcome> => {
    const { user, activeAdmins } = await lockForAdministration(tx, userId);
    if (user && isLastAdmin(user, activeAdmins)) return { kind: 'invalid-input', issues: [lastAdmin] };
    const deleted = await deleteUser(tx, { id: userId, passwordHash: check.account.passwordHash });
    if (!deleted) return { kind: 'invalid-credentials' };
    await appendToOutbox(sqlOver(tx), [userWasDeleted({ id: userId, role: deleted.role })]);
    return { kind: 'deleted', userId };
  });
}
