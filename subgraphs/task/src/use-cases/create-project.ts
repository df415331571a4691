import { appendAudit, fingerprint, isUniqueViolation, issuesFrom, uuidv7 } from '@shop/subgraph';
import { z } from 'zod';
import { areOpen } from '../db/accounts.ts';
import { findProjectByKey, findProjectByRequest, insertProject } from '../db/projects.ts';
import type { Project } from '../domain/project.ts';
import { changeMember } from './change-member.ts';
import type { Dependencies } from './dependencies.ts';
import { idempotencyKey, projectFields } from './fields.input.ts';
import type { RefusalOf } from './refusal.ts';

const newProject = z.object({
  ...projectFields,
  description: projectFields.description.default(null),
  idempotencyKey,
});

export type CreateProjectOutcome =
  | { readonly kind: 'created'; readonly project: Project }
  | RefusalOf<'invalid-input' | 'key-taken' | 'idempotency-conflict'>
  /** The account was deleted after the access token was signed. */
  | { readonly kind: 'no-account' };

/** Creates a project with the caller as its owner. The same idempotency key with the same input returns the first project. */
export async function createProject(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  ownerId: string,
): Promise<CreateProjectOutcome> {
  const parsed = newProject.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey: key, ...fields } = parsed.data;
  const request = key === null ? null : { idempotencyKey: key, fingerprint: fingerprint(fields) };
  const at = now();
  const project: Project = { id: uuidv7(), ...fields, archived: false, version: 1, createdAt: at, updatedAt: at };
  try {
    return await database.transact(async (tx): Promise<CreateProjectOutcome> => {
      if (!(await areOpen(tx, [ownerId]))) return { kind: 'no-account' };
      await insertProject(tx, project, ownerId, request);
      const entry = {
        actorId: ownerId,
        action: 'PROJECT_CREATED',
        subjectId: project.id,
        details: { key: project.key },
      };
      await appendAudit(tx, [entry], at);
      await changeMember(tx, project, { userId: ownerId, role: 'OWNER', before: null }, { actorId: ownerId, at });
      return { kind: 'created', project };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const earlier = request && (await findProjectByRequest(database.client, ownerId, request.idempotencyKey));
    if (earlier)
      return earlier.fingerprint === request.fingerprint
        ? { kind: 'created', project: earlier.project }
        : { kind: 'idempotency-conflict' };
    if (await findProjectByKey(database.client, project.key)) return { kind: 'key-taken' };
    throw error;
  }
}
