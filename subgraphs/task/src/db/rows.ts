import { selectColumns } from '@shop/subgraph';
import type { Project } from '../domain/project.ts';
import type { Task } from '../domain/task.ts';
import { Prisma, type Project as ProjectRow, type Task as TaskRow } from './generated/client.ts';

/** Who reads: a user, or staff who may read everything. */
export interface Reader {
  /** Null for an anonymous caller, who sees nothing. */
  readonly userId: string | null;
  /** True with the scope `task:read`. */
  readonly readsAll: boolean;
}

const projectFields = ['id', 'key', 'name', 'description', 'archived', 'version', 'createdAt', 'updatedAt'] as const;
const { searchText: _text, idempotencyKey: _key, fingerprint: _print, ...taskFields } = Prisma.TaskScalarFieldEnum;

/** The columns that Prisma reads of a project or task. */
export const projectSelection = Object.fromEntries(projectFields.map((field) => [field, true])) as {
  [Field in (typeof projectFields)[number]]: true;
};
export const taskSelection = Object.fromEntries(Object.keys(taskFields).map((field) => [field, true])) as {
  [Field in keyof typeof taskFields]: true;
};

/** The columns of the table `p` under the names of `Project`, and of `t` under those of `Task`, for raw SQL. */
export const projectColumns = selectColumns('p', Object.fromEntries(projectFields.map((field) => [field, field])));
export const taskColumns = selectColumns('t', taskFields);

export type PlainProjectRow = Pick<ProjectRow, keyof typeof projectSelection>;
export type PlainTaskRow = Pick<TaskRow, keyof typeof taskSelection>;

export const toProject = (row: PlainProjectRow): Project => row;
export const toTask = (row: PlainTaskRow): Task => row;

/** The request that created something. A repeated request is recognised by it. */
export interface CreationRequest {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}
