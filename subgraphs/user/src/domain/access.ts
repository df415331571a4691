import type { User } from './user.ts';

export type AccessChange = Partial<Pick<User, 'role' | 'active'>>;

export type AccessDecision = 'unchanged' | 'would-leave-no-admin' | 'change';

/** What comes of giving an account another role, or letting it sign in or not. Someone must remain who can undo it. */
export function decideAccess(user: User, change: AccessChange, activeAdmins: number): AccessDecision {
  const after = { ...user, ...change };
  if (after.role === user.role && after.active === user.active) return 'unchanged';
  const isLost = isActiveAdmin(user) && !isActiveAdmin(after);
  return isLost && activeAdmins <= 1 ? 'would-leave-no-admin' : 'change';
}

function isActiveAdmin({ role, active }: Pick<User, 'role' | 'active'>): boolean {
  return role === 'ADMIN' && active;
}
