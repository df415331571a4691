import { appendToOutbox } from '@shop/messaging';
import { appendAudit, sqlOver } from '@shop/subgraph';
import { listMembers, saveMember } from '../db/members.ts';
import { deleteProject as deleteRow } from '../db/projects.ts';
import { memberWasChanged } from '../events/outgoing.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { reachProject, refuseAction } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

export type DeleteProjectOutcome =
  | { readonly kind: 'deleted'; readonly projectId: string }
  | RefusalOf<'project-not-found' | 'role-required'>;

/** Deletes a project with its tasks. Its members leave it, which others learn by events. The audit log keeps the key. */
export function deleteProject(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  id: string,
  caller: Caller,
): Promise<DeleteProjectOutcome> {
  return database.transact(async (tx): Promise<DeleteProjectOutcome> => {
    const reached = await reachProject(tx, id, caller, 'NO KEY UPDATE');
    if (reached === null) return { kind: 'project-not-found' };
    const refusal = refuseAction(reached, 'DELETE_PROJECT');
    if (refusal) return refusal;
    const { project } = reached;
    const actorId = caller.userId;
    const at = now();
    for (const { userId } of await listMembers(tx, project.id)) {
      const sequence = await saveMember(tx, project.id, { userId, role: null, since: at });
      await appendToOutbox(sqlOver(tx), [memberWasChanged(project, { userId, role: null, actorId }, sequence)]);
    }
    await deleteRow(tx, project.id);
    const entry = { actorId, action: 'PROJECT_DELETED', subjectId: project.id, details: { key: project.key } };
    await appendAudit(tx, [entry], at);
    return { kind: 'deleted', projectId: project.id };
  });
}
