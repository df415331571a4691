import { isUuid, parsePage, plainText, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import type { ProjectCriteria, TimePage } from '../db/pages.ts';
import type { TaskCriteria, TaskPage } from '../db/task-list.ts';
import { foldText } from '../domain/search-text.ts';
import { taskPriorities, type Task, type TaskPriority } from '../domain/task.ts';
import { newestFirst, type TaskOrder } from '../domain/task-order.ts';
import type { TaskStatus } from '../domain/task-status.ts';

/** The inputs as in the schema. */
export interface ProjectFilter {
  readonly search?: string | null;
  readonly archived?: boolean | null;
}
export interface TaskFilter {
  readonly projectId?: string | null;
  readonly search?: string | null;
  readonly status?: readonly TaskStatus[] | null;
  readonly priority?: readonly TaskPriority[] | null;
  readonly assigneeId?: string | null;
  readonly mine?: boolean | null;
  readonly dueBefore?: Date | null;
  readonly orderId?: string | null;
  readonly productId?: string | null;
}
export interface TaskSort {
  readonly field: TaskOrder['by'];
  readonly direction: TaskOrder['direction'];
}

const MAX_SEARCH = 200;

/** Reads a search. Undefined when nothing can match: PostgreSQL neither stores nor accepts text with NUL. Null without a search. */
function readSearch(search: string | null | undefined): string | null | undefined {
  const text = search?.trim() ?? '';
  if (text === '') return null;
  return plainText(MAX_SEARCH).safeParse(text).success ? foldText(text) : undefined;
}

/** Reads the conditions of a filter. Returns null when no project can match. */
export function readProjectCriteria(filter: ProjectFilter | null | undefined): ProjectCriteria | null {
  const search = readSearch(filter?.search);
  return search === undefined ? null : { search, archived: filter?.archived ?? null };
}

/** Reads the conditions of a filter. Returns null when no task can match, as for an empty list or an invalid id. */
export function readTaskCriteria(filter: TaskFilter | null | undefined, userId: string | null): TaskCriteria | null {
  const { projectId, status, priority, assigneeId, mine, dueBefore, orderId, productId } = filter ?? {};
  const search = readSearch(filter?.search);
  const ids = [projectId, assigneeId, orderId, productId];
  const isImpossible =
    search === undefined ||
    status?.length === 0 ||
    priority?.length === 0 ||
    (mine === true && userId === null) ||
    ids.some((id) => id != null && !isUuid(id));
  if (isImpossible) return null;
  return {
    projectId: projectId?.toLowerCase() ?? null,
    search,
    statuses: status ? [...new Set(status)] : null,
    priorities: priority ? [...new Set(priority)] : null,
    assigneeIds: [...(assigneeId == null ? [] : [assigneeId]), ...(mine === true && userId !== null ? [userId] : [])],
    dueBefore: dueBefore ? withinYears(dueBefore) : null,
    orderId: orderId ?? null,
    productId: productId ?? null,
  };
}

const instant = z.string().refine(isInstant);
const timeCursor = z.tuple([instant, z.uuid()]);

/** Reads a page of a list that is sorted by a time. */
export const parseTimePage = (args: PageArguments): TimePage => parsePage(args, timeCursor);

/** The order of a list of tasks. */
export function readOrder(sort: TaskSort | null | undefined): TaskOrder {
  return sort ? { by: sort.field, direction: sort.direction } : newestFirst;
}

/** The sort key of a task without a date: the end of the list in either direction. */
const endOf = (direction: TaskOrder['direction']) => (direction === 'ASC' ? 'infinity' : '-infinity');

const createDueCursor = (direction: TaskOrder['direction']) =>
  z.tuple([z.union([instant, z.literal(endOf(direction))]), z.uuid()]);

/** The sort key and the id of a task. Made once: each page would take longer to make them than to use them. */
const cursors = {
  CREATED_AT: timeCursor,
  UPDATED_AT: timeCursor,
  PRIORITY: z.tuple([z.enum(taskPriorities), z.uuid()]),
};
const dueCursors = { ASC: createDueCursor('ASC'), DESC: createDueCursor('DESC') };

/** Creates and parses the cursors of one order of tasks. Another order refuses them, since their keys have no meaning in it. */
export function createTaskCursors({ by, direction }: TaskOrder) {
  const cursor: z.ZodType<[string, string]> = by === 'DUE_AT' ? dueCursors[direction] : cursors[by];
  return {
    parse: (args: PageArguments): TaskPage => parsePage(args, cursor, [by, direction]),
    toParts: (task: Task) => [by, direction, sortKeyOf(task, { by, direction }), task.id],
  };
}

function sortKeyOf(task: Task, { by, direction }: TaskOrder): string {
  switch (by) {
    case 'CREATED_AT':
      return task.createdAt.toISOString();
    case 'UPDATED_AT':
      return task.updatedAt.toISOString();
    case 'PRIORITY':
      return task.priority;
    case 'DUE_AT':
      return task.dueAt?.toISOString() ?? endOf(direction);
    default:
      return by satisfies never;
  }
}

const FIRST = Date.UTC(1000, 0);
const LAST = Date.UTC(9999, 11, 31);

function isInstant(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && withinYears(at).toISOString() === text;
}

/** An instant with a four-digit year, as PostgreSQL reads it. No date lies beyond. */
function withinYears(at: Date): Date {
  return new Date(Math.min(Math.max(at.getTime(), FIRST), LAST));
}
