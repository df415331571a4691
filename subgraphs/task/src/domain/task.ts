import { nextStatuses, type TaskStatus } from './task-status.ts';

/** How urgent a task is, from low to urgent. */
export const taskPriorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;
export type TaskPriority = (typeof taskPriorities)[number];

/** A task as the API shows it. */
export interface Task {
  readonly id: string;
  readonly projectId: string;
  /** The project's key and a number, such as OPS-17. */
  readonly key: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly dueAt: Date | null;
  /** A member of the project; null while nobody has it. */
  readonly assigneeId: string | null;
  /** Null for tasks of the system, and after the account was deleted. */
  readonly creatorId: string | null;
  readonly orderId: string | null;
  readonly productId: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null unless it is DONE. */
  readonly completedAt: Date | null;
}

/** The input of a new task. */
export type NewTask = Pick<
  Task,
  | 'id'
  | 'projectId'
  | 'title'
  | 'description'
  | 'priority'
  | 'dueAt'
  | 'assigneeId'
  | 'creatorId'
  | 'orderId'
  | 'productId'
>;

/** Opens a task with its number in the project. */
export function openTask(fields: NewTask, project: { readonly key: string; readonly number: number }, at: Date): Task {
  return {
    ...fields,
    key: `${project.key}-${project.number}`,
    status: 'TODO',
    version: 1,
    createdAt: at,
    updatedAt: at,
    completedAt: null,
  };
}

const changeable = ['title', 'description', 'status', 'priority', 'dueAt', 'assigneeId'] as const;

/** The fields that can change. Absent ones stay. */
export type TaskChange = { readonly [Field in (typeof changeable)[number]]?: Task[Field] | undefined };

export type TaskDecision =
  | { readonly kind: 'changed'; readonly task: Task }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'impossible-status'; readonly from: TaskStatus; readonly to: TaskStatus };

/** Applies a change, by the table of statuses. */
export function changeTask(task: Task, change: TaskChange, at: Date): TaskDecision {
  const differing = changeable.filter(
    (field) => change[field] !== undefined && toComparable(change[field]) !== toComparable(task[field]),
  );
  if (differing.length === 0) return { kind: 'unchanged' };
  const wanted = Object.fromEntries(differing.map((field) => [field, change[field]])) as Partial<Task>;
  const status = wanted.status ?? task.status;
  if (status !== task.status && !nextStatuses[task.status].includes(status))
    return { kind: 'impossible-status', from: task.status, to: status };
  const completedAt = status === task.status ? task.completedAt : status === 'DONE' ? at : null;
  return {
    kind: 'changed',
    task: { ...task, ...wanted, completedAt, version: task.version + 1, updatedAt: at },
  };
}

/** Dates are equal when their instants are. */
function toComparable(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}
