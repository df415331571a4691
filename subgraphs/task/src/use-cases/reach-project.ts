import { isUuid } from '@shop/subgraph';
import { areOpen } from '../db/accounts.ts';
import type { Transaction } from '../db/database.ts';
import { findRole } from '../db/members.ts';
import { lockProject, type ProjectLock } from '../db/projects.ts';
import { findProjectOfTask, lockTask } from '../db/tasks.ts';
import type { Project } from '../domain/project.ts';
import { isAllowed, leastRoles, type Action, type ProjectRole } from '../domain/role.ts';
import type { Task } from '../domain/task.ts';
import type { Caller } from './dependencies.ts';
import type { RefusalOf } from './refusal.ts';

/** A project that the caller sees, locked until the transaction ends. */
export interface ReachedProject {
  readonly project: Project;
  /** Null for staff who only read. */
  readonly role: ProjectRole | null;
}

/**
 * Locks a project for a command. Returns null when it does not exist, or does not for the caller. The role is read under the lock, so it
 * is the one at the time of the command.
 */
export async function reachProject(
  tx: Transaction,
  projectId: string,
  caller: Caller,
  lock: ProjectLock,
): Promise<ReachedProject | null> {
  if (!isUuid(projectId) || !(await areOpen(tx, [caller.userId]))) return null;
  const project = await lockProject(tx, projectId, lock);
  if (project === null) return null;
  const role = await findRole(tx, project.id, caller.userId);
  return role === null && !caller.readsAll ? null : { project, role };
}

/** A task that the caller sees, locked until the transaction ends, with its project. */
export interface ReachedTask extends ReachedProject {
  readonly task: Task;
}

/** Locks a task for a command, after its project. Returns null when it does not exist, or does not for the caller. */
export async function reachTask(tx: Transaction, taskId: string, caller: Caller): Promise<ReachedTask | null> {
  const projectId = isUuid(taskId) ? await findProjectOfTask(tx, taskId) : null;
  const reached = projectId === null ? null : await reachProject(tx, projectId, caller, 'SHARE');
  const task = reached && (await lockTask(tx, taskId));
  return reached && task && { ...reached, task };
}

/** Returns the refusal when the caller's role does not allow the action. */
export function refuseAction(
  { role }: Pick<ReachedProject, 'role'>,
  action: Action,
): RefusalOf<'role-required'> | null {
  return isAllowed(role, action) ? null : { kind: 'role-required', role: leastRoles[action] };
}

/** Returns the refusal when the caller's role does not allow the action, or the project is archived. */
export function refuseChange(
  reached: ReachedProject,
  action: Action,
): RefusalOf<'role-required' | 'project-archived'> | null {
  return refuseAction(reached, action) ?? (reached.project.archived ? { kind: 'project-archived' } : null);
}
