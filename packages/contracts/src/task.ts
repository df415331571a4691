import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id, instant, sequence } from './scalars.ts';

const taskStatus = z.enum(['TODO', 'IN_PROGRESS', 'BLOCKED', 'DONE', 'CANCELLED']);

const taskChange = z.object({
  taskId: id,
  projectId: id,
  /** The key that people use, such as OPS-17. */
  key: z.string(),
  title: z.string(),
  status: taskStatus,
  /** Null while nobody has it. */
  assigneeId: id.nullable(),
  dueAt: instant.nullable(),
  /** Who did it; null when the system did. */
  actorId: id.nullable(),
  /** The task's version after the change. */
  sequence,
});

/** A task was created. */
export const taskCreated = defineEvent('shop.task.created.v1', '/task', taskChange);

/** A task was changed. */
export const taskUpdated = defineEvent('shop.task.updated.v1', '/task', taskChange);

/** A task was given to somebody: when it was created, or later. It comes beside the event of that change. */
export const taskAssigned = defineEvent('shop.task.assigned.v1', '/task', taskChange.extend({ assigneeId: id }));

/** A member joined a project, left it, or has another role. */
export const projectMemberChanged = defineEvent(
  'shop.project.member_changed.v1',
  '/task',
  z.object({
    projectId: id,
    projectKey: z.string(),
    userId: id,
    /** Null after the member left. */
    role: z.enum(['OWNER', 'MANAGER', 'MEMBER', 'VIEWER']).nullable(),
    /** Who did it; null when the system did. */
    actorId: id.nullable(),
    /** Grows with each change of the project's members. */
    sequence,
  }),
);

export type TaskChange = z.infer<typeof taskChange>;
