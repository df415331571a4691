import { appendToOutbox } from '@shop/messaging';
import { appendAudit, isUuid, sqlOver, type InputIssue, type NewAuditEntry } from '@shop/subgraph';
import { lockForAdministration, updateAccess } from '../db/administration.ts';
import { revokeSessions } from '../db/sessions.ts';
import { decideAccess, decideRight } from '../domain/access.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

export type ChangeAccessOutcome =
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'not-found' }
  | CallerRefusal
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

/** The caller's account lost the right after the access token was issued. */
export type CallerRefusal = { readonly kind: 'not-signed-in' } | { readonly kind: 'forbidden'; readonly scope: string };

const SCOPE = 'user:write';

type Needs = Pick<Dependencies, 'database' | 'now'>;

/** Gives an account another role, and revokes its sessions. The last active administrator keeps the role. */
export function setUserRole(
  dependencies: Needs,
  { userId, role }: { userId: string; role: Role },
  caller: SignedIn,
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, { userId, caller }, 'role', { role });
}

/** Activates or deactivates an account, and revokes its sessions. The last active administrator stays active. */
export function setUserActive(
  dependencies: Needs,
  { userId, active }: { userId: string; active: boolean },
  caller: SignedIn,
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, { userId, caller }, 'active', { active });
}

/**
 * The caller's own account decides, as it is in this transaction: an administrator who was demoted cannot undo that with an older
 * access token. Sessions are revoked because their access tokens carry the old scopes. A change that changes
 * nothing revokes nothing.
 */
async function changeAccess(
  { database, now }: Needs,
  { userId, caller }: { readonly userId: string; readonly caller: SignedIn },
  field: 'role' | 'active',
  change: { readonly role: Role } | { readonly active: boolean },
): Promise<ChangeAccessOutcome> {
  const at = now();
  return database.transact(async (tx): Promise<ChangeAccessOutcome> => {
    const { user, actor, activeAdmins } = await lockForAdministration(
      tx,
      isUuid(userId) ? userId.toLowerCase() : null,
      caller.userId,
    );
    const right = decideRight(actor, SCOPE);
    if (right !== 'allowed') return right === 'forbidden' ? { kind: right, scope: SCOPE } : { kind: right };
    if (user === null) return { kind: 'not-found' };
    switch (decideAccess(user, change, activeAdmins)) {
      case 'unchanged':
        return { kind: 'changed', user };
      case 'would-leave-no-admin':
        return {
          kind: 'invalid-input',
          issues: [{ path: field, message: 'must leave at least one active administrator' }],
        };
      case 'change': {
        const changed = await updateAccess(tx, user.id, change, at);
        await revokeSessions(tx, { userId: user.id, at });
        await announceEndedSessions(tx, { userId: user.id, at });
        await appendToOutbox(sqlOver(tx), [userWasUpdated(changed, [field])]);
        await appendAudit(tx, [accessChange(user, changed, caller.userId)], at);
        return { kind: 'changed', user: changed };
      }
    }
  });
}

function accessChange(before: User, after: User, actorId: string): NewAuditEntry {
  const subject = { actorId, subjectId: after.id };
  if (before.role !== after.role)
    return { ...subject, action: 'ROLE_CHANGED', details: { from: before.role, to: after.role } };
  return {
    ...subject,
    action: after.active ? 'ACCOUNT_ACTIVATED' : 'ACCOUNT_DEACTIVATED',
    details: { role: after.role },
  };
}
