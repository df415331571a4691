import { appendAudit, bulkTransaction, uuidv7 } from '@shop/subgraph';
import { insertComment } from '../db/comments.ts';
import type { Database, Transaction } from '../db/database.ts';
import { findProjectByKey, insertProject, takeTaskNumbers, wasCreated } from '../db/projects.ts';
import { insertTask, updateTask } from '../db/tasks.ts';
import type { Project } from '../domain/project.ts';
import type { ProjectRole } from '../domain/role.ts';
import { changeTask, openTask, type Task, type TaskPriority } from '../domain/task.ts';
import type { TaskStatus } from '../domain/task-status.ts';
import { changeMember } from './change-member.ts';

/** A project with its past, as the demo data has it. Times are days before the present; due dates are days after it. */
export interface FilledProject {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly daysAgo: number;
  /** The first one is an owner. */
  readonly members: readonly { readonly userId: string; readonly role: ProjectRole }[];
  readonly tasks: readonly FilledTask[];
}

export interface FilledTask {
  readonly title: string;
  readonly description: string | null;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly daysAgo: number;
  readonly dueInDays: number | null;
  readonly assigneeId: string | null;
  /** When the status was reached. Null: half-way between the creation and the present. */
  readonly endedDaysAgo: number | null;
  readonly comments: readonly { readonly authorId: string; readonly text: string }[];
}

const DAY = 24 * 60 * 60 * 1_000;

/**
 * Writes a project with its past in one transaction. Returns false when it was written before, even if it was deleted since, or another
 * project has its key. Its tasks publish no events: nobody is to get mail about the past.
 */
export function fillProject(database: Database, filled: FilledProject, present: Date): Promise<boolean> {
  const daysBefore = (days: number) => new Date(present.getTime() - days * DAY);
  return database.transact(async (tx) => {
    if ((await wasCreated(tx, filled.id)) || (await findProjectByKey(tx, filled.key))) return false;
    const { id, key, name, description, members, tasks } = filled;
    const at = daysBefore(filled.daysAgo);
    const project: Project = { id, key, name, description, archived: false, version: 1, createdAt: at, updatedAt: at };
    const creatorId = members[0]?.userId ?? null;
    await insertProject(tx, project, creatorId, null);
    await appendAudit(tx, [{ actorId: creatorId, action: 'PROJECT_CREATED', subjectId: id, details: { key } }], at);
    for (const { userId, role } of members)
      await changeMember(tx, project, { userId, role, before: null }, { actorId: creatorId, at });
    for (const task of tasks) await fillTask(tx, project, creatorId, task, daysBefore);
    return true;
  }, bulkTransaction);
}

async function fillTask(
  tx: Transaction,
  project: Project,
  creatorId: string | null,
  { status, comments, ...filled }: FilledTask,
  daysBefore: (days: number) => Date,
): Promise<void> {
  const { title, description, priority, assigneeId } = filled;
  const number = await takeTaskNumbers(tx, project.id);
  const fields = { title, description, priority, assigneeId, creatorId, orderId: null, productId: null };
  const dueAt = filled.dueInDays === null ? null : daysBefore(-filled.dueInDays);
  const own = { id: uuidv7(), projectId: project.id, dueAt };
  const task: Task = openTask({ ...own, ...fields }, { key: project.key, number }, daysBefore(filled.daysAgo));
  await insertTask(tx, task, null);
  const reachedAt = daysBefore(filled.endedDaysAgo ?? filled.daysAgo / 2);
  const decision = changeTask(task, { status }, reachedAt);
  if (decision.kind === 'changed') await updateTask(tx, task, decision.task, assigneeId ?? creatorId);
  for (const [index, { authorId, text }] of comments.entries()) {
    const createdAt = new Date(reachedAt.getTime() + index * 60 * 60 * 1_000);
    await insertComment(tx, { id: uuidv7(), taskId: task.id, authorId, text, createdAt }, null);
  }
}
