import { appendToOutbox } from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
import { forgetPerson, markErased } from '../db/accounts.ts';
import type { Transaction } from '../db/database.ts';
import { listMembers } from '../db/members.ts';
import { lockProjectsOf } from '../db/projects.ts';
import { unassignTasks } from '../db/tasks.ts';
import { findHeir } from '../domain/members.ts';
import type { Project } from '../domain/project.ts';
import { taskWasUnassigned } from '../events/outgoing.ts';
import { archive } from './archive-project.ts';
import { changeMember } from './change-member.ts';

/**
 * Erases a deleted account. It leaves its projects and loses its tasks. A project whose last owner it was passes to the oldest manager,
 * else to the oldest member, and is archived where there is neither. Tasks and comments stay, without the person. Repeating it changes
 * nothing. Later requests of the account are rejected: see `account_is_open`.
 */
export async function eraseAccount(tx: Transaction, userId: string, at: Date): Promise<void> {
  await markErased(tx, userId, at);
  for (const project of await lockProjectsOf(tx, userId)) await leaveProject(tx, project, userId, at);
  // Their tasks have gone with their projects. This finds what a defect may have left.
  const lost = await unassignTasks(tx, { assigneeId: userId, projectId: null, at });
  await appendToOutbox(
    sqlOver(tx),
    lost.map((task) => taskWasUnassigned(task, null)),
  );
  await forgetPerson(tx, userId);
}

async function leaveProject(tx: Transaction, project: Project, userId: string, at: Date): Promise<void> {
  const bySystem = { actorId: null, at };
  const members = await listMembers(tx, project.id);
  const before = members.find((member) => member.userId === userId)?.role ?? null;
  const others = members.filter((member) => member.userId !== userId);
  await changeMember(tx, project, { userId, role: null, before }, bySystem);
  if (before !== 'OWNER' || others.some(({ role }) => role === 'OWNER')) return;
  const heir = findHeir(others);
  if (heir === null) await archive(tx, project, null, at);
  else await changeMember(tx, project, { userId: heir.userId, role: 'OWNER', before: heir.role }, bySystem);
}
