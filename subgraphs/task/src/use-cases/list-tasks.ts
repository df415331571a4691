import { buildConnection, type PageArguments } from '@shop/subgraph';
import type { TaskComment } from '../db/comments.ts';
import { countCommentsByTask, listCommentsByTask } from '../db/pages.ts';
import type { Reader } from '../db/rows.ts';
import { countTasks, countTasksByProject, listTasks as readTasks, listTasksByProject } from '../db/task-list.ts';
import type { Task } from '../domain/task.ts';
import type { Dependencies } from './dependencies.ts';
import {
  createTaskCursors,
  parseTimePage,
  readOrder,
  readTaskCriteria,
  type TaskFilter,
  type TaskSort,
} from './lists.input.ts';
import { createChildrenLoader, once, type CountedConnection } from './load-by-parent.ts';

type DatabaseOnly = Pick<Dependencies, 'database'>;

export interface ListTasks extends PageArguments {
  readonly filter?: TaskFilter | null | undefined;
  readonly sort?: TaskSort | null | undefined;
}

/** One page of the tasks of all projects that the reader may see. */
export async function listTasks(
  { database }: DatabaseOnly,
  { filter, sort, ...args }: ListTasks,
  reader: Reader,
): Promise<CountedConnection<Task>> {
  const order = readOrder(sort);
  const cursors = createTaskCursors(order);
  const page = cursors.parse(args);
  const criteria = readTaskCriteria(filter, reader.userId);
  const rows = criteria ? await readTasks(database, reader, criteria, order, page) : [];
  return {
    ...buildConnection(rows, page, cursors.toParts),
    totalCount: once(async () => (criteria ? countTasks(database, reader, criteria) : 0)),
  };
}

/** Loads pages of the tasks of projects. A project that the reader may no longer see has none. */
export function createTaskPageLoader({ database }: DatabaseOnly, reader: Reader) {
  return createChildrenLoader<ListTasks, Task>(async (projectIds, { filter, sort, ...args }) => {
    const order = readOrder(sort);
    const cursors = createTaskCursors(order);
    const page = cursors.parse(args);
    const criteria = readTaskCriteria(filter, reader.userId);
    const wanted = criteria?.projectId ?? null;
    const asked = criteria === null ? [] : projectIds.filter((id) => wanted === null || wanted === id);
    const lists =
      criteria && asked.length > 0
        ? await listTasksByProject(database, reader, asked, criteria, order, page)
        : new Map<string, Task[]>();
    const counts = once(async () =>
      criteria && asked.length > 0 ? countTasksByProject(database, reader, asked, criteria) : new Map<string, number>(),
    );
    return projectIds.map((id) => ({
      ...buildConnection(lists.get(id) ?? [], page, cursors.toParts),
      totalCount: async () => (await counts()).get(id) ?? 0,
    }));
  });
}

/** Loads pages of the comments of tasks, oldest first. */
export function createCommentPageLoader({ database }: DatabaseOnly) {
  return createChildrenLoader<PageArguments, TaskComment>(async (taskIds, args) => {
    const page = parseTimePage(args);
    const lists = await listCommentsByTask(database, taskIds, page);
    const counts = once(() => countCommentsByTask(database, taskIds));
    return taskIds.map((id) => ({
      ...buildConnection(lists.get(id) ?? [], page, ({ createdAt, id: commentId }) => [
        createdAt.toISOString(),
        commentId,
      ]),
      totalCount: async () => (await counts()).get(id) ?? 0,
    }));
  });
}
