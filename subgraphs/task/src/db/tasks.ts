import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import { toSearchText } from '../domain/search-text.ts';
import type { Task } from '../domain/task.ts';
import type { Database, Transaction } from './database.ts';
import type { TaskEvent } from './generated/client.ts';
import { taskColumns, taskSelection, toTask, type CreationRequest, type PlainTaskRow, type Reader } from './rows.ts';

export type { TaskEvent };

/**
 * Inserts a task with the first entry of its history.
 *
 * @throws a unique violation when the creator used the idempotency key before
 */
export async function insertTask(tx: Transaction, task: Task, request: CreationRequest | null): Promise<void> {
  await tx.task.create({ data: { ...task, searchText: searchTextOf(task), ...request }, select: { id: true } });
  await recordStatus(tx, null, task, task.creatorId);
}

export async function updateTask(
  tx: Transaction,
  before: Task,
  { id, ...task }: Task,
  actorId: string | null,
): Promise<void> {
  await tx.task.update({ where: { id }, data: { ...task, searchText: searchTextOf(task) }, select: { id: true } });
  if (before.status !== task.status) await recordStatus(tx, before, { id, ...task }, actorId);
}

async function recordStatus(tx: Transaction, before: Task | null, task: Task, actorId: string | null): Promise<void> {
  const { id: taskId, version: sequence, status: toStatus, updatedAt: at } = task;
  const data = { taskId, sequence, fromStatus: before?.status ?? null, toStatus, actorId, at };
  await tx.taskEvent.create({ data, select: { taskId: true } });
}

const searchTextOf = ({ key, title, description }: Pick<Task, 'key' | 'title' | 'description'>) =>
  toSearchText(key, title, description);

/** The project of a task, which never changes. */
export async function findProjectOfTask(tx: Transaction, taskId: string): Promise<string | null> {
  return (await tx.task.findUnique({ where: { id: taskId }, select: { projectId: true } }))?.projectId ?? null;
}

/** Locks a task until the transaction ends. */
export async function lockTask(tx: Transaction, id: string): Promise<Task | null> {
  const [row] = await sqlOver(tx).query<PlainTaskRow>(
    `SELECT ${taskColumns} FROM tasks t WHERE t.id = $1::uuid FOR NO KEY UPDATE`,
    [id],
  );
  return row ? toTask(row) : null;
}

/** Deletes a task with its history and comments. */
export async function deleteTask(tx: Transaction, id: string): Promise<void> {
  await tx.task.delete({ where: { id }, select: { id: true } });
}

/**
 * Takes tasks from their assignee: those of one project, or all. Returns them as they are then. One statement, so that somebody with
 * thousands of tasks can leave.
 */
export async function unassignTasks(
  tx: Transaction,
  { assigneeId, projectId, at }: { readonly assigneeId: string; readonly projectId: string | null; readonly at: Date },
): Promise<Task[]> {
  const rows = await sqlOver(tx).query<PlainTaskRow>(
    `UPDATE tasks AS t SET assignee_id = NULL, version = version + 1, updated_at = $3::timestamptz
      WHERE assignee_id = $1::uuid AND ($2::uuid IS NULL OR project_id = $2::uuid) RETURNING ${taskColumns}`,
    [assigneeId, projectId, at],
  );
  return rows.map(toTask);
}

/** Finds the task that a creator's request with this key created. */
export async function findTaskByRequest(
  client: Transaction,
  creatorId: string,
  idempotencyKey: string,
): Promise<{ readonly task: Task; readonly fingerprint: string | null } | null> {
  const row = await client.task.findUnique({
    where: { creatorId_idempotencyKey: { creatorId, idempotencyKey } },
    select: { ...taskSelection, fingerprint: true },
  });
  if (!row) return null;
  const { fingerprint, ...task } = row;
  return { task, fingerprint };
}

/** Loads tasks of projects that the reader may see. Others are null. */
export function createTaskLoader({ client }: Database, reader: Reader) {
  return new DataLoader<string, Task | null>(async (ids) => {
    const visible = reader.readsAll ? {} : { project: { members: { some: { userId: reader.userId ?? '' } } } };
    const rows =
      reader.readsAll || reader.userId !== null
        ? await client.task.findMany({ where: { id: { in: [...ids] }, ...visible }, select: taskSelection })
        : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Loads the history of tasks, oldest first. */
export function createHistoryLoader({ client }: Database) {
  return new DataLoader<string, TaskEvent[]>(async (taskIds) => {
    const rows = await client.taskEvent.findMany({
      where: { taskId: { in: [...taskIds] } },
      orderBy: { sequence: 'asc' },
    });
    const byTask = new Map(taskIds.map((id): [string, TaskEvent[]] => [id, []]));
    for (const row of rows) byTask.get(row.taskId)?.push(row);
    return taskIds.map((id) => byTask.get(id) ?? []);
  });
}
