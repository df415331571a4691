import type { User } from './user.ts';

export type AccessChange = Partial<Pick<User, 'role' | 'active'>>;

export type AccessDecision = 'unchanged' | 'would-leave-no-admin' | 'change';

/** What comes of giving an account another role, or letting it sign in or not. Someone must remain who can undo it. */
export function decideAccess(user: User, change: AccessChange, activeAdmins: number): AccessDecision {
  const after = { ...user, ...change };
  if (after.role === user.role && after.active === user.active) return 'unchanged';
  return isLastAdmin(user, activeAdmins) && !isActiveAdmin(after) ? 'would-leave-no-admin' : 'change';
}

/** Whether nobody could administer accounts without this one. */
export function isLastAdmin(user: User, activeAdmins: number): boolean {
  return isActiveAdmin(user) && activeAdmins <= 1;
}

function isActiveAdmin({ role, active }: Pick<User, 'role' | 'active'>): boolean {
  return role === 'ADMIN' && active;
}
