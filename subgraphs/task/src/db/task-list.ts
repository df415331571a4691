import {
  type Bind,
  type CountLimit,
  createBinder,
  escapeLike,
  groupByParent,
  type Page,
  selectCount,
  senseOf,
} from '@shop/subgraph';
import type { Task, TaskPriority } from '../domain/task.ts';
import type { TaskOrder } from '../domain/task-order.ts';
import type { TaskStatus } from '../domain/task-status.ts';
import type { Database } from './database.ts';
import { maySee, visibleProjects } from './pages.ts';
import { taskColumns, toTask, type PlainTaskRow, type Reader } from './rows.ts';

/** Conditions that all apply. Null is no condition. */
export interface TaskCriteria {
  readonly projectId: string | null;
  /** Folded text. */
  readonly search: string | null;
  readonly statuses: readonly TaskStatus[] | null;
  readonly priorities: readonly TaskPriority[] | null;
  /** Each of them has to be the assignee: the filter may name somebody and the caller. */
  readonly assigneeIds: readonly string[];
  readonly dueBefore: Date | null;
  readonly orderId: string | null;
  readonly productId: string | null;
}

/** The position of a task in a list: its sort key and its id. */
export type TaskPage = Page<readonly [sortKey: string, id: string]>;

/** The sort key of each order. Ids break ties. The expressions must be those of the indexes, or the indexes are not used. */
function sortKeyOf({ by, direction }: TaskOrder): { readonly expression: string; readonly type: string } {
  switch (by) {
    case 'CREATED_AT':
      return { expression: 't.created_at', type: 'timestamptz' };
    case 'UPDATED_AT':
      return { expression: 't.updated_at', type: 'timestamptz' };
    case 'PRIORITY':
      return { expression: 't.priority', type: '"TaskPriority"' };
    case 'DUE_AT': {
      // Tasks without a date are last in both directions.
      const end = direction === 'ASC' ? 'infinity' : '-infinity';
      return { expression: `coalesce(t.due_at, '${end}'::timestamptz)`, type: 'timestamptz' };
    }
    default:
      return by satisfies never;
  }
}

/** Lists tasks of the projects that the reader may see. Returns one row more than a page, in reading order. */
export async function listTasks(
  { lists }: Database,
  reader: Reader,
  criteria: TaskCriteria,
  order: TaskOrder,
  page: TaskPage,
): Promise<Task[]> {
  const { values, bind } = createBinder();
  const projects = projectsOf(reader, criteria, bind);
  const sense = senseOf(page, order.direction);
  const text = isSelective(criteria)
    ? selectFew(projects, criteria, order, page, bind)
    : projects === null
      ? selectPage(null, criteria, order, page, bind)
      : // One page of each project, directly from its index, merged into one page: the cost does not grow with the tasks.
        `SELECT listed.* FROM unnest(${projects}) AS project(id)
         CROSS JOIN LATERAL (${selectPage('project.id', criteria, order, page, bind)}) AS listed
         ORDER BY listed."sortKey" ${sense}, listed.id ${sense} LIMIT ${bind(page.limit + 1, 'int')}`;
  return (await lists.query<PlainTaskRow>(text, values)).map(toPlainTask);
}

/** Lists the same page of several projects in one statement. Projects that the reader may not see have none. */
export async function listTasksByProject(
  { lists }: Database,
  reader: Reader,
  projectIds: readonly string[],
  criteria: TaskCriteria,
  order: TaskOrder,
  page: TaskPage,
): Promise<Map<string, Task[]>> {
  const { values, bind } = createBinder();
  const sense = senseOf(page, order.direction);
  const rows = await lists.query<PlainTaskRow>(
    `SELECT listed.* FROM unnest(${bind(projectIds, 'uuid[]')}) AS project(id)
     CROSS JOIN LATERAL (${selectPage('project.id', criteria, order, page, bind)}) AS listed
     WHERE ${maySee(reader, 'project.id', bind)}
     ORDER BY listed."sortKey" ${sense}, listed.id ${sense}`,
    values,
  );
  return groupByParent(projectIds, rows.map(toPlainTask), ({ projectId }) => projectId);
}

/** Counts the tasks of a list, up to the limit. */
export async function countTasks(
  { lists }: Database,
  reader: Reader,
  criteria: TaskCriteria,
  limit: CountLimit,
): Promise<number> {
  const { values, bind } = createBinder();
  const projects = projectsOf(reader, criteria, bind);
  const among = projects === null ? 'true' : `t.project_id = ANY(${projects})`;
  const [row] = await lists.query<{ count: number }>(
    selectCount(`SELECT FROM tasks t WHERE ${[among, ...conditions(criteria, bind)].join(' AND ')}`, limit),
    values,
  );
  return row?.count ?? 0;
}

/** Counts the tasks of each of several projects, up to the limit. */
export async function countTasksByProject(
  { lists }: Database,
  reader: Reader,
  projectIds: readonly string[],
  criteria: TaskCriteria,
  limit: CountLimit,
): Promise<Map<string, number>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<{ id: string; count: number }>(
    `SELECT project.id, tasks.count FROM unnest(${bind(projectIds, 'uuid[]')}) AS project(id)
     CROSS JOIN LATERAL (${selectCount(
       `SELECT FROM tasks t WHERE ${['t.project_id = project.id', ...conditions(criteria, bind)].join(' AND ')}`,
       limit,
     )}) AS tasks
     WHERE ${maySee(reader, 'project.id', bind)}`,
    values,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** The ids of the projects whose tasks are listed, as an SQL array. Null for all. */
function projectsOf(reader: Reader, { projectId }: TaskCriteria, bind: Bind): string | null {
  if (reader.readsAll) return projectId === null ? null : `ARRAY[${bind(projectId, 'uuid')}]`;
  if (reader.userId === null) return `ARRAY[]::uuid[]`;
  if (projectId === null) return visibleProjects(reader.userId, bind);
  return `ARRAY(SELECT m.project_id FROM project_members m
    WHERE m.user_id = ${bind(reader.userId, 'uuid')} AND m.project_id = ${bind(projectId, 'uuid')})`;
}

/** Conditions that leave few tasks and have an index of their own. Their projects are checked afterwards. */
function isSelective({ search, assigneeIds, orderId, productId }: TaskCriteria): boolean {
  return search !== null || assigneeIds.length > 0 || orderId !== null || productId !== null;
}

/**
 * A page of all tasks, or of those of one project.
 *
 * The cursor of one project's page begins with the project. Without it, PostgreSQL takes the index of all tasks where many share a sort
 * key, such as having no date: it expects few rows beyond the cursor.
 */
function selectPage(
  projectId: string | null,
  criteria: TaskCriteria,
  order: TaskOrder,
  page: TaskPage,
  bind: Bind,
): string {
  const { expression, type } = sortKeyOf(order);
  const sense = senseOf(page, order.direction);
  const sign = sense === 'ASC' ? '>' : '<';
  const place = page.direction === 'forward' ? page.after : page.before;
  const [column, value] = projectId === null ? ['', ''] : ['t.project_id, ', `${projectId}, `];
  const beyond = place
    ? [`(${column}${expression}, t.id) ${sign} (${value}${bind(place[0], type)}, ${bind(place[1], 'uuid')})`]
    : [];
  const among = projectId === null ? ['true'] : [`t.project_id = ${projectId}`];
  return `SELECT ${taskColumns}, ${expression} AS "sortKey" FROM tasks t
    WHERE ${[...among, ...conditions(criteria, bind), ...beyond].join(' AND ')}
    ORDER BY ${expression} ${sense}, t.id ${sense} LIMIT ${bind(page.limit + 1, 'int')}`;
}

/** A page of the few tasks that selective conditions leave. They are found first, by the conditions' indexes, and then sorted. */
function selectFew(
  projects: string | null,
  criteria: TaskCriteria,
  order: TaskOrder,
  page: TaskPage,
  bind: Bind,
): string {
  const { expression, type } = sortKeyOf(order);
  const sense = senseOf(page, order.direction);
  const place = page.direction === 'forward' ? page.after : page.before;
  const among = projects === null ? ['true'] : [`t.project_id = ANY(${projects})`];
  const beyond = place
    ? `WHERE ("sortKey", id) ${sense === 'ASC' ? '>' : '<'} (${bind(place[0], type)}, ${bind(place[1], 'uuid')})`
    : '';
  return `WITH found AS MATERIALIZED (
      SELECT ${taskColumns}, ${expression} AS "sortKey" FROM tasks t WHERE ${[...among, ...conditions(criteria, bind)].join(' AND ')})
    SELECT * FROM found ${beyond} ORDER BY "sortKey" ${sense}, id ${sense} LIMIT ${bind(page.limit + 1, 'int')}`;
}

function conditions(criteria: TaskCriteria, bind: Bind): string[] {
  const { search, statuses, priorities, assigneeIds, dueBefore, orderId, productId } = criteria;
  return [
    ...(search === null ? [] : [`t.search_text LIKE ${bind(`%${escapeLike(search)}%`, 'text')}`]),
    ...(statuses === null ? [] : [`t.status = ANY(${bind(statuses, '"TaskStatus"[]')})`]),
    ...(priorities === null ? [] : [`t.priority = ANY(${bind(priorities, '"TaskPriority"[]')})`]),
    ...assigneeIds.map((id) => `t.assignee_id = ${bind(id, 'uuid')}`),
    ...(dueBefore === null ? [] : [`t.due_at < ${bind(dueBefore.toISOString(), 'timestamptz')}`]),
    ...(orderId === null ? [] : [`t.order_id = ${bind(orderId, 'uuid')}`]),
    ...(productId === null ? [] : [`t.product_id = ${bind(productId, 'uuid')}`]),
  ];
}

function toPlainTask({ sortKey: _key, ...row }: PlainTaskRow & { readonly sortKey?: unknown }): Task {
  return toTask(row);
}
