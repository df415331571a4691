import { isUuid } from '@shop/subgraph';
import { areOpen } from '../db/accounts.ts';
import type { Transaction } from '../db/database.ts';
import { listMembersFor } from '../db/members.ts';
import { decideMember } from '../domain/members.ts';
import type { Project } from '../domain/project.ts';
import type { ProjectRole } from '../domain/role.ts';
import { changeMember } from './change-member.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { reachProject } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

/** The input as in the schema. */
export interface SetProjectMember {
  readonly projectId: string;
  readonly userId: string;
  readonly role: ProjectRole;
}

export type SetProjectMemberOutcome =
  | { readonly kind: 'set'; readonly project: Project }
  | RefusalOf<'project-not-found' | 'role-required' | 'project-archived' | 'last-owner' | 'not-a-member'>;

/**
 * Adds a member, or changes a member's role. For somebody new, the user service is asked between two transactions: a lock never waits
 * for another service. The second one decides again.
 */
export async function setProjectMember(
  { database, isActiveAccount, now }: Pick<Dependencies, 'database' | 'isActiveAccount' | 'now'>,
  { projectId, userId: givenId, role }: SetProjectMember,
  caller: Caller,
): Promise<SetProjectMemberOutcome> {
  const userId = givenId.toLowerCase();
  const attempt = (isKnown: boolean) =>
    database.transact((tx) => decideAndChange(tx, { projectId, userId, role }, caller, { isKnown, at: now() }));
  const outcome = await attempt(false);
  if (outcome.kind !== 'unknown-account') return outcome;
  if (!isUuid(userId) || !(await isActiveAccount(userId))) return { kind: 'not-a-member' };
  const second = await attempt(true);
  return second.kind === 'unknown-account' ? { kind: 'not-a-member' } : second;
}

async function decideAndChange(
  tx: Transaction,
  { projectId, userId, role }: SetProjectMember,
  caller: Caller,
  { isKnown, at }: { readonly isKnown: boolean; readonly at: Date },
): Promise<SetProjectMemberOutcome | { readonly kind: 'unknown-account' }> {
  // Both accounts are locked before the project: see `areOpen`.
  const isErased = isUuid(userId) && !(await areOpen(tx, [userId]));
  const reached = await reachProject(tx, projectId, caller, 'NO KEY UPDATE');
  if (reached === null) return { kind: 'project-not-found' };
  const { project } = reached;
  const members = await listMembersFor(tx, project.id, [caller.userId, ...(isUuid(userId) ? [userId] : [])]);
  const decision = decideMember(members, { userId, role }, caller.userId);
  if (decision.kind === 'role-required') return decision;
  if (project.archived) return { kind: 'project-archived' };
  if (decision.kind === 'unchanged') return { kind: 'set', project };
  if (decision.kind !== 'change') return decision;
  if (isErased) return { kind: 'not-a-member' };
  if (decision.before === null && !isKnown) return { kind: 'unknown-account' };
  await changeMember(tx, project, { userId, role, before: decision.before }, { actorId: caller.userId, at });
  return { kind: 'set', project };
}
