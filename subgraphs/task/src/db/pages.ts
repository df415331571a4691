import {
  type Bind,
  type CountLimit,
  createBinder,
  escapeLike,
  groupByParent,
  isBeyondCursor,
  type Page,
  selectCount,
  senseOf,
} from '@shop/subgraph';
import type { Project } from '../domain/project.ts';
import type { Member } from '../domain/members.ts';
import type { TaskComment } from './comments.ts';
import type { Database } from './database.ts';
import { projectColumns, toProject, type PlainProjectRow, type Reader } from './rows.ts';

/** The position in a list that is sorted by a time: the time, and an id that breaks ties. */
export type TimePage = Page<readonly [at: string, id: string]>;

export interface ProjectCriteria {
  /** Folded text. */
  readonly search: string | null;
  readonly archived: boolean | null;
}

/** The ids of the projects that somebody may see, as an SQL array. */
export function visibleProjects(userId: string, bind: Bind): string {
  return `ARRAY(SELECT m.project_id FROM project_members m WHERE m.user_id = ${bind(userId, 'uuid')})`;
}

function projectConditions({ search, archived }: ProjectCriteria, { readsAll, userId }: Reader, bind: Bind): string {
  return [
    // The array is read first. A join could start with all projects instead.
    readsAll ? 'true' : userId === null ? 'false' : `p.id = ANY(${visibleProjects(userId, bind)})`,
    ...(search === null ? [] : [`p.search_text LIKE ${bind(`%${escapeLike(search)}%`, 'text')}`]),
    ...(archived === null ? [] : [`p.archived = ${bind(archived, 'boolean')}`]),
  ].join(' AND ');
}

/** Lists projects that the reader may see, newest first. Returns one row more than a page, in reading order. */
export async function listProjects(
  { lists }: Database,
  reader: Reader,
  criteria: ProjectCriteria,
  page: TimePage,
): Promise<Project[]> {
  const { values, bind } = createBinder();
  const rows = await lists.query<PlainProjectRow>(
    `SELECT ${projectColumns} FROM projects p WHERE ${projectConditions(criteria, reader, bind)}
        AND ${isBeyondCursor(page, ['p.created_at', 'p.id'], 'DESC', bind)}
      ORDER BY p.created_at ${senseOf(page, 'DESC')}, p.id ${senseOf(page, 'DESC')} LIMIT ${bind(page.limit + 1, 'int')}`,
    values,
  );
  return rows.map(toProject);
}

/** Counts projects that the reader may see, up to the limit. */
export async function countProjects(
  { lists }: Database,
  reader: Reader,
  criteria: ProjectCriteria,
  limit: CountLimit,
): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await lists.query<{ count: number }>(
    selectCount(`SELECT FROM projects p WHERE ${projectConditions(criteria, reader, bind)}`, limit),
    values,
  );
  return row?.count ?? 0;
}

/** A member with the project. */
export interface ListedMember extends Member {
  readonly projectId: string;
}

/**
 * Lists the same page of the members of several projects, the longest first, in one statement. Projects that the reader may not see have
 * none.
 */
export async function listMembersByProject(
  { lists }: Database,
  reader: Reader,
  projectIds: readonly string[],
  page: TimePage,
): Promise<Map<string, ListedMember[]>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<ListedMember>(
    `SELECT listed.* FROM unnest(${bind(projectIds, 'uuid[]')}) AS project(id) CROSS JOIN LATERAL (
       SELECT m.project_id AS "projectId", m.user_id AS "userId", m.role, m.since FROM project_members m
        WHERE m.project_id = project.id AND ${isBeyondCursor(page, ['m.since', 'm.user_id'], 'ASC', bind)}
        ORDER BY m.since ${senseOf(page, 'ASC')}, m.user_id ${senseOf(page, 'ASC')} LIMIT ${bind(page.limit + 1, 'int')}) AS listed
      WHERE ${maySee(reader, 'project.id', bind)}
      ORDER BY listed.since ${senseOf(page, 'ASC')}, listed."userId" ${senseOf(page, 'ASC')}`,
    values,
  );
  return groupByParent(projectIds, rows, ({ projectId }) => projectId);
}

/** Counts the members of each of several projects, up to the limit. */
export async function countMembersByProject(
  { lists }: Database,
  reader: Reader,
  projectIds: readonly string[],
  limit: CountLimit,
): Promise<Map<string, number>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<{ id: string; count: number }>(
    `SELECT project.id, members.count FROM unnest(${bind(projectIds, 'uuid[]')}) AS project(id)
     CROSS JOIN LATERAL (${selectCount('SELECT FROM project_members m WHERE m.project_id = project.id', limit)}) AS members
     WHERE ${maySee(reader, 'project.id', bind)}`,
    values,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** SQL condition: the reader may see this project. */
export function maySee({ readsAll, userId }: Reader, projectId: string, bind: Bind): string {
  if (readsAll) return 'true';
  return userId === null ? 'false' : `${projectId} = ANY(${visibleProjects(userId, bind)})`;
}

/** Lists the same page of the comments of several tasks, oldest first, in one statement. */
export async function listCommentsByTask(
  { lists }: Database,
  taskIds: readonly string[],
  page: TimePage,
): Promise<Map<string, TaskComment[]>> {
  const { values, bind } = createBinder();
  const rows = await lists.query<TaskComment>(
    `SELECT listed.* FROM unnest(${bind(taskIds, 'uuid[]')}) AS task(id) CROSS JOIN LATERAL (
       SELECT c.id, c.task_id AS "taskId", c.author_id AS "authorId", c.text, c.created_at AS "createdAt" FROM task_comments c
        WHERE c.task_id = task.id AND ${isBeyondCursor(page, ['c.created_at', 'c.id'], 'ASC', bind)}
        ORDER BY c.created_at ${senseOf(page, 'ASC')}, c.id ${senseOf(page, 'ASC')} LIMIT ${bind(page.limit + 1, 'int')}) AS listed
      ORDER BY listed."createdAt" ${senseOf(page, 'ASC')}, listed.id ${senseOf(page, 'ASC')}`,
    values,
  );
  return groupByParent(taskIds, rows, ({ taskId }) => taskId);
}

/** Counts the comments of each of several tasks, up to the limit. */
export async function countCommentsByTask(
  { lists }: Database,
  taskIds: readonly string[],
  limit: CountLimit,
): Promise<Map<string, number>> {
  const rows = await lists.query<{ id: string; count: number }>(
    `SELECT task.id, comments.count FROM unnest($1::uuid[]) AS task(id)
     CROSS JOIN LATERAL (${selectCount('SELECT FROM task_comments c WHERE c.task_id = task.id', limit)}) AS comments`,
    [taskIds],
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}
