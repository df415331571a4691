import { isUuid } from '@shop/subgraph';
import { listMembersFor } from '../db/members.ts';
import { decideMember } from '../domain/members.ts';
import type { Project } from '../domain/project.ts';
import { changeMember } from './change-member.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { reachProject } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

export type RemoveProjectMemberOutcome =
  | { readonly kind: 'removed'; readonly project: Project }
  | RefusalOf<'project-not-found' | 'role-required' | 'last-owner' | 'not-a-member'>;

/** Removes a member, who loses the project's tasks. Members may leave an archived project too. */
export function removeProjectMember(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  { projectId, userId: givenId }: { readonly projectId: string; readonly userId: string },
  caller: Caller,
): Promise<RemoveProjectMemberOutcome> {
  const userId = givenId.toLowerCase();
  return database.transact(async (tx): Promise<RemoveProjectMemberOutcome> => {
    const reached = await reachProject(tx, projectId, caller, 'NO KEY UPDATE');
    if (reached === null) return { kind: 'project-not-found' };
    const { project } = reached;
    const members = await listMembersFor(tx, project.id, [caller.userId, ...(isUuid(userId) ? [userId] : [])]);
    const decision = decideMember(members, { userId, role: null }, caller.userId);
    if (decision.kind === 'unchanged') return { kind: 'removed', project };
    if (decision.kind !== 'change') return decision;
    const change = { userId, role: null, before: decision.before };
    await changeMember(tx, project, change, { actorId: caller.userId, at: now() });
    return { kind: 'removed', project };
  });
}
