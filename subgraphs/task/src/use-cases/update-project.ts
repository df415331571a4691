import { issuesFrom } from '@shop/subgraph';
import { z } from 'zod';
import { updateProject as saveProject } from '../db/projects.ts';
import { changeProject, type Project } from '../domain/project.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { expectedVersion, projectFields } from './fields.input.ts';
import { reachProject, refuseChange } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

/** A field that is left out stays. Null empties the description, and is invalid for the name. */
const projectChange = z
  .object({ name: projectFields.name, description: projectFields.description })
  .partial()
  .extend({ id: z.string(), expectedVersion });

export type UpdateProjectOutcome =
  | { readonly kind: 'updated'; readonly project: Project }
  | RefusalOf<'invalid-input' | 'project-not-found' | 'role-required' | 'project-archived' | 'version-conflict'>;

/** Changes the given fields. When nothing differs, the version stays. */
export async function updateProject(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  caller: Caller,
): Promise<UpdateProjectOutcome> {
  const parsed = projectChange.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion: expected, ...wanted } = parsed.data;
  return database.transact(async (tx): Promise<UpdateProjectOutcome> => {
    const reached = await reachProject(tx, id, caller, 'NO KEY UPDATE');
    if (reached === null) return { kind: 'project-not-found' };
    const refusal = refuseChange(reached, 'CHANGE_PROJECT');
    if (refusal) return refusal;
    const { project } = reached;
    if (expected != null && expected !== project.version)
      return { kind: 'version-conflict', currentVersion: project.version };
    const changed = changeProject(project, wanted, now());
    if (changed !== project) await saveProject(tx, changed);
    return { kind: 'updated', project: changed };
  });
}
