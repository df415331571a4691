import { appendToOutbox } from '@shop/messaging';
import { isUuid, sqlOver, type InputIssue } from '@shop/subgraph';
import { lockForAdministration, updateAccess } from '../db/administration.ts';
import { revokeSessions } from '../db/sessions.ts';
import { decideAccess } from '../domain/access.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

export type ChangeAccessOutcome =
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

type Needs = Pick<Dependencies, 'database' | 'now'>;

/** Gives an account another role, and revokes its sessions. The last active administrator keeps the role. */
export function setUserRole(
  dependencies: Needs,
  { userId, role }: { userId: string; role: Role },
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, userId, 'role', { role });
}

/** Activates or deactivates an account, and revokes its sessions. The last active administrator stays active. */
export function setUserActive(
  dependencies: Needs,
  { userId, active }: { userId: string; active: boolean },
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, userId, 'active', { active });
}

/** Sessions are revoked because their access tokens carry the old scopes. A change that changes nothing revokes nothing. */
async function changeAccess(
  { database, now }: Needs,
  userId: string,
  field: 'role' | 'active',
  change: { readonly role: Role } | { readonly active: boolean },
): Promise<ChangeAccessOutcome> {
  if (!isUuid(userId)) return { kind: 'not-found' };
  const at = now();
  return database.transact(async (tx): Promise<ChangeAccessOutcome> => {
    const { user, activeAdmins } = await lockForAdministration(tx, userId.toLowerCase());
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
        await appendToOutbox(sqlOver(tx), [userWasUpdated(changed, [field])]);
        return { kind: 'changed', user: changed };
      }
    }
  });
}
