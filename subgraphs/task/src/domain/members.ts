import { isAllowed, leastRoles, type Action, type ProjectRole } from './role.ts';

/** Somebody in a project. */
export interface Member {
  readonly userId: string;
  readonly role: ProjectRole;
  readonly since: Date;
}

/** A change of one member: another role, or null to leave. */
export interface MemberChange {
  readonly userId: string;
  readonly role: ProjectRole | null;
}

export type MemberDecision =
  | { readonly kind: 'change'; readonly before: ProjectRole | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'role-required'; readonly role: ProjectRole }
  | { readonly kind: 'not-a-member' }
  | { readonly kind: 'last-owner' };

/**
 * Decides whether somebody may change a member of a project.
 *
 * @param members all members, or at least those that the decision is about: the caller, the member and the owners
 * @param callerId the user who changes; staff who only read are no members
 */
export function decideMember(
  members: readonly Member[],
  { userId, role }: MemberChange,
  callerId: string,
): MemberDecision {
  const find = (id: string) => members.find((member) => member.userId === id)?.role ?? null;
  const before = find(userId);
  const isLeaving = role === null && userId === callerId;
  const action: Action = before === 'OWNER' || role === 'OWNER' ? 'CHANGE_OWNERS' : 'CHANGE_MEMBERS';
  if (!(isLeaving && before !== null) && !isAllowed(find(callerId), action))
    return { kind: 'role-required', role: leastRoles[action] };
  if (role === null && before === null) return { kind: 'not-a-member' };
  if (role === before) return { kind: 'unchanged' };
  const owners = members.filter((member) => member.role === 'OWNER');
  if (before === 'OWNER' && owners.length === 1) return { kind: 'last-owner' };
  return { kind: 'change', before };
}

/**
 * Finds who inherits a project whose last owner's account was deleted: the manager who has been in it longest, else the member.
 * Null when there are only viewers, or nobody.
 */
export function findHeir(members: readonly Member[]): Member | null {
  const byAge = [...members].sort((a, b) => a.since.getTime() - b.since.getTime() || (a.userId < b.userId ? -1 : 1));
  const findFirst = (role: ProjectRole) => byAge.find((member) => member.role === role);
  return findFirst('MANAGER') ?? findFirst('MEMBER') ?? null;
}
