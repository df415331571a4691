import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { Project } from '../domain/project.ts';
import { toSearchText } from '../domain/search-text.ts';
import type { Database, Transaction } from './database.ts';
import {
  projectColumns,
  projectSelection,
  toProject,
  type CreationRequest,
  type PlainProjectRow,
  type Reader,
} from './rows.ts';

/** @throws a unique violation when another project has the key, or the creator used the idempotency key before */
export async function insertProject(
  tx: Transaction,
  project: Project,
  creatorId: string | null,
  request: CreationRequest | null,
): Promise<void> {
  const searchText = toSearchText(project.key, project.name);
  await tx.project.create({ data: { ...project, creatorId, searchText, ...request }, select: { id: true } });
}

/** How much of a project a transaction keeps from changing. */
export type ProjectLock =
  /** The project and its members stay as they are, while others work on its tasks. */
  | 'SHARE'
  /** Nobody else works on the project or its tasks. */
  | 'NO KEY UPDATE';

/** Locks a project until the transaction ends. Its members change under that lock only. */
export async function lockProject(tx: Transaction, id: string, lock: ProjectLock): Promise<Project | null> {
  const [row] = await sqlOver(tx).query<PlainProjectRow>(
    `SELECT ${projectColumns} FROM projects p WHERE p.id = $1::uuid FOR ${lock}`,
    [id],
  );
  return row ? toProject(row) : null;
}

/** Locks the projects of a member in the order of their ids. */
export async function lockProjectsOf(tx: Transaction, userId: string): Promise<Project[]> {
  const rows = await sqlOver(tx).query<PlainProjectRow>(
    `SELECT ${projectColumns} FROM projects p WHERE p.id = ANY(ARRAY(SELECT project_id FROM project_members WHERE user_id = $1::uuid))
      ORDER BY p.id FOR NO KEY UPDATE`,
    [userId],
  );
  return rows.map(toProject);
}

export function findProjectByKey(client: Transaction, key: string): Promise<Project | null> {
  return client.project.findUnique({ where: { key }, select: projectSelection });
}

/** Returns whether a project with this id was created, even if it was deleted since, by the audit log. */
export async function wasCreated(client: Transaction, id: string): Promise<boolean> {
  return (await client.auditEntry.count({ where: { subjectId: id, action: 'PROJECT_CREATED' } })) > 0;
}

/** Finds the project that a creator's request with this key created. */
export async function findProjectByRequest(
  client: Transaction,
  creatorId: string,
  idempotencyKey: string,
): Promise<{ readonly project: Project; readonly fingerprint: string | null } | null> {
  const row = await client.project.findUnique({
    where: { creatorId_idempotencyKey: { creatorId, idempotencyKey } },
    select: { ...projectSelection, fingerprint: true },
  });
  if (!row) return null;
  const { fingerprint, ...project } = row;
  return { project, fingerprint };
}

export async function updateProject(tx: Transaction, { id, ...project }: Project): Promise<void> {
  const searchText = toSearchText(project.key, project.name);
  await tx.project.update({ where: { id }, data: { ...project, searchText }, select: { id: true } });
}

/** Deletes a project with its members and tasks. */
export async function deleteProject(tx: Transaction, id: string): Promise<void> {
  await tx.project.delete({ where: { id }, select: { id: true } });
}

/** Takes the numbers of new tasks, and returns the first. The project stays locked, so that a number is given once, and without gaps. */
export async function takeTaskNumbers(tx: Transaction, projectId: string, count = 1): Promise<number> {
  const { lastNumber } = await tx.project.update({
    where: { id: projectId },
    data: { lastNumber: { increment: count } },
    select: { lastNumber: true },
  });
  return lastNumber - count + 1;
}

/** Loads projects that the reader may see. Others are null. */
export function createProjectLoader({ client }: Database, reader: Reader) {
  return new DataLoader<string, Project | null>(async (ids) => {
    const visible = reader.readsAll ? {} : { members: { some: { userId: reader.userId ?? '' } } };
    const rows =
      reader.readsAll || reader.userId !== null
        ? await client.project.findMany({ where: { id: { in: [...ids] }, ...visible }, select: projectSelection })
        : [];
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
