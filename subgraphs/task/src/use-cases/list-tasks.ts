import { buildConnection, countLazily, countTogether, type PageArguments } from '@shop/subgraph';
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
import { createChildrenLoader, type CountedConnection } from './load-by-parent.ts';

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
    ...countLazily(async (limit) => (criteria ? countTasks(database, reader, criteria, limit) : 0)),
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
    const countsOf = countTogether(async (limit) =>
      criteria && asked.length > 0
        ? countTasksByProject(database, reader, asked, criteria, limit)
        : new Map<string, number>(),
    );
    return projectIds.map((id) => ({
      ...buildConnection(lists.get(id) ?? [], page, cursors.toParts),
      ...countsOf(id),
    }));
  });
}

/** Loads pages of the comments of tasks, oldest first. */
export function createCommentPageLoader({ database }: DatabaseOnly) {
  return createChildrenLoader<PageArguments, TaskComment>(async (taskIds, args) => {
    const page = parseTimePage(args);
    const lists = await listCommentsByTask(database, taskIds, page);
    const countsOf = countTogether((limit) => countCommentsByTask(database, taskIds, limit));
    return taskIds.map((id) => ({
      ...buildConnection(lists.get(id) ?? [], page, ({ createdAt, id: commentId }) => [
        createdAt.toISOString(),
        commentId,
      ]),
      ...countsOf(id),
    }));
  });
}
