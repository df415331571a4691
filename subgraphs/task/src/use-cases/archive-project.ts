import { appendAudit } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { updateProject } from '../db/projects.ts';
import { changeProject, type Project } from '../domain/project.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { reachProject, refuseAction } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

export type ArchiveProjectOutcome =
  | { readonly kind: 'archived'; readonly project: Project }
  | RefusalOf<'project-not-found' | 'role-required'>;

/** Archives a project: it can be read and not changed. Repeating it changes nothing. */
export function archiveProject(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  id: string,
  caller: Caller,
): Promise<ArchiveProjectOutcome> {
  return database.transact(async (tx): Promise<ArchiveProjectOutcome> => {
    const reached = await reachProject(tx, id, caller, 'NO KEY UPDATE');
    if (reached === null) return { kind: 'project-not-found' };
    const refusal = refuseAction(reached, 'ARCHIVE_PROJECT');
    if (refusal) return refusal;
    return { kind: 'archived', project: await archive(tx, reached.project, caller.userId, now()) };
  });
}

/** Archives a locked project, with an entry in the audit log. Null stands for the system. */
export async function archive(tx: Transaction, project: Project, actorId: string | null, at: Date): Promise<Project> {
  const archived = changeProject(project, { archived: true }, at);
  if (archived === project) return project;
  await updateProject(tx, archived);
  const entry = { actorId, action: 'PROJECT_ARCHIVED', subjectId: project.id, details: { key: project.key } };
  await appendAudit(tx, [entry], at);
  return archived;
}
