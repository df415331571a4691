import { listScopes, type Role } from './role.ts';
import type { User } from './user.ts';

export type AccessChange = Partial<Pick<User, 'role' | 'active'>>;

export type AccessDecision = 'unchanged' | 'would-leave-no-admin' | 'change';

/** Decides about a change of role or activation. At least one active administrator must remain. */
export function decideAccess(user: User, change: AccessChange, activeAdmins: number): AccessDecision {
  const after = { ...user, ...change };
  if (after.role === user.role && after.active === user.active) return 'unchanged';
  return isLastAdmin(user, activeAdmins) && !isActiveAdmin(after) ? 'would-leave-no-admin' : 'change';
}

/**
 * Decides whether a caller may do what needs a scope, by the account as it is now. The scopes of an access token are those of the
 * time when it was issued.
 */
export function decideRight(
  actor: { readonly role: Role; readonly active: boolean } | null,
  scope: string,
): 'allowed' | 'not-signed-in' | 'forbidden' {
  if (!actor?.active) return 'not-signed-in';
  return listScopes(actor.role).includes(scope) ? 'allowed' : 'forbidden';
}

/** Returns whether this is the last active administrator. */
export function isLastAdmin(user: User, activeAdmins: number): boolean {
  return isActiveAdmin(user) && activeAdmins <= 1;
}

function isActiveAdmin({ role, active }: Pick<User, 'role' | 'active'>): boolean {
  return role === 'ADMIN' && active;
}
