/** The statuses of a task. */
export const taskStatuses = ['TODO', 'IN_PROGRESS', 'BLOCKED', 'DONE', 'CANCELLED'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** The statuses that may follow each status. A task that has ended must be opened again before it goes on. */
export const nextStatuses: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  TODO: ['IN_PROGRESS', 'BLOCKED', 'DONE', 'CANCELLED'],
  IN_PROGRESS: ['TODO', 'BLOCKED', 'DONE', 'CANCELLED'],
  BLOCKED: ['TODO', 'IN_PROGRESS', 'DONE', 'CANCELLED'],
  DONE: ['TODO', 'IN_PROGRESS'],
  CANCELLED: ['TODO', 'IN_PROGRESS'],
};

/** Returns whether a task with this status has ended. */
export function hasEnded(status: TaskStatus): boolean {
  return status === 'DONE' || status === 'CANCELLED';
}
