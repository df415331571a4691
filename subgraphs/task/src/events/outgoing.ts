import { projectMemberChanged, taskAssigned, taskCreated, taskUpdated, type TaskChange } from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { Project } from '../domain/project.ts';
import type { ProjectRole } from '../domain/role.ts';
import type { Task } from '../domain/task.ts';

function toChange(task: Task, actorId: string | null): TaskChange {
  const { id: taskId, projectId, key, title, status, assigneeId, dueAt, version: sequence } = task;
  return { taskId, projectId, key, title, status, assigneeId, dueAt: dueAt?.toISOString() ?? null, actorId, sequence };
}

/** The events of a new task. */
export function taskWasCreated(task: Task, actorId: string | null): OutboxEvent[] {
  return [
    newEvent(taskCreated, { aggregateId: task.id, data: toChange(task, actorId) }),
    ...taskWasAssigned(null, task, actorId),
  ];
}

/** The events of a change. */
export function taskWasUpdated(before: Task, task: Task, actorId: string | null): OutboxEvent[] {
  return [
    newEvent(taskUpdated, { aggregateId: task.id, data: toChange(task, actorId) }),
    ...taskWasAssigned(before, task, actorId),
  ];
}

/** The event of a task that lost its assignee with a member or an account. */
export function taskWasUnassigned(task: Task, actorId: string | null): OutboxEvent {
  return newEvent(taskUpdated, { aggregateId: task.id, data: toChange(task, actorId) });
}

function taskWasAssigned(before: Task | null, task: Task, actorId: string | null): OutboxEvent[] {
  const { assigneeId } = task;
  if (assigneeId === null || assigneeId === before?.assigneeId) return [];
  return [newEvent(taskAssigned, { aggregateId: task.id, data: { ...toChange(task, actorId), assigneeId } })];
}

/** The event of a member who joined, left (`role` null), or has another role. */
export function memberWasChanged(
  project: Pick<Project, 'id' | 'key'>,
  change: { readonly userId: string; readonly role: ProjectRole | null; readonly actorId: string | null },
  sequence: number,
): OutboxEvent {
  return newEvent(projectMemberChanged, {
    aggregateId: project.id,
    data: { projectId: project.id, projectKey: project.key, ...change, sequence },
  });
}
