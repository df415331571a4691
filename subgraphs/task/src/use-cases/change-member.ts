import { appendToOutbox } from '@shop/messaging';
import { appendAudit, sqlOver } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { saveMember } from '../db/members.ts';
import { unassignTasks } from '../db/tasks.ts';
import type { MemberChange } from '../domain/members.ts';
import type { Project } from '../domain/project.ts';
import type { ProjectRole } from '../domain/role.ts';
import { memberWasChanged, taskWasUnassigned } from '../events/outgoing.ts';

/**
 * Writes a decided change of a member of a locked project, with its event and its entry in the audit log. Members who leave lose their
 * tasks.
 */
export async function changeMember(
  tx: Transaction,
  project: Project,
  { userId, role, before }: MemberChange & { readonly before: ProjectRole | null },
  { actorId, at }: { readonly actorId: string | null; readonly at: Date },
): Promise<void> {
  const sequence = await saveMember(tx, project.id, { userId, role, since: at });
  const lost = role === null ? await unassignTasks(tx, { assigneeId: userId, projectId: project.id, at }) : [];
  await appendToOutbox(sqlOver(tx), [
    memberWasChanged(project, { userId, role, actorId }, sequence),
    ...lost.map((task) => taskWasUnassigned(task, actorId)),
  ]);
  const action = before === null ? 'MEMBER_ADDED' : role === null ? 'MEMBER_REMOVED' : 'MEMBER_ROLE_CHANGED';
  const details = { userId, from: before, to: role };
  await appendAudit(tx, [{ actorId, action, subjectId: project.id, details }], at);
}
