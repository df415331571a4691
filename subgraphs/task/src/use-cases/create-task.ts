import { appendToOutbox } from '@shop/messaging';
import { fingerprint, retryWhenTaken, issuesFrom, isUuid, sqlOver, uuidv7 } from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { findRole } from '../db/members.ts';
import { takeTaskNumbers } from '../db/projects.ts';
import type { CreationRequest } from '../db/rows.ts';
import { findTaskByRequest, insertTask } from '../db/tasks.ts';
import { openTask, type Task } from '../domain/task.ts';
import { taskWasCreated } from '../events/outgoing.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { foreignId, idempotencyKey, taskFields } from './fields.input.ts';
import { reachProject, refuseChange } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

const newTask = z.object({
  projectId: z.string().toLowerCase(),
  title: taskFields.title,
  description: taskFields.description.default(null),
  priority: taskFields.priority.default('NORMAL'),
  dueAt: taskFields.dueAt.default(null),
  assigneeId: taskFields.assigneeId.default(null).transform((id) => id?.toLowerCase() ?? null),
  orderId: foreignId.default(null),
  productId: foreignId.default(null),
  idempotencyKey,
});

export type CreateTaskOutcome =
  | { readonly kind: 'created'; readonly task: Task }
  | RefusalOf<
      | 'invalid-input'
      | 'project-not-found'
      | 'role-required'
      | 'project-archived'
      | 'not-a-member'
      | 'idempotency-conflict'
    >;

/**
 * Creates a task with its number, history and events in one transaction. The same idempotency key with the same input returns the first
 * task, also when the caller's role has changed since.
 */
export async function createTask(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  caller: Caller,
): Promise<CreateTaskOutcome> {
  const parsed = newTask.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey: key, ...fields } = parsed.data;
  const request = key === null ? null : { idempotencyKey: key, fingerprint: fingerprint(fields) };
  const attempt = () =>
    database.transact(async (tx): Promise<CreateTaskOutcome> => {
      const reached = await reachProject(tx, fields.projectId, caller, 'NO KEY UPDATE');
      if (reached === null) return { kind: 'project-not-found' };
      const replay = await findReplay(tx, caller, request);
      if (replay) return replay;
      const refusal = refuseChange(reached, 'CREATE_TASK');
      if (refusal) return refusal;
      const { project } = reached;
      if (!(await mayBeAssigned(tx, project.id, fields.assigneeId))) return { kind: 'not-a-member' };
      const number = await takeTaskNumbers(tx, project.id);
      const creatorId = caller.userId;
      const task = openTask({ id: uuidv7(), ...fields, creatorId }, { key: project.key, number }, now());
      await insertTask(tx, task, request);
      await appendToOutbox(sqlOver(tx), taskWasCreated(task, creatorId));
      return { kind: 'created', task };
    });
  // The key was used for another project at the same time. The second attempt finds that task.
  return request === null ? attempt() : retryWhenTaken(attempt);
}

async function findReplay(
  tx: Transaction,
  { userId }: Caller,
  request: CreationRequest | null,
): Promise<CreateTaskOutcome | null> {
  const earlier = request && (await findTaskByRequest(tx, userId, request.idempotencyKey));
  if (!earlier) return null;
  return earlier.fingerprint === request.fingerprint
    ? { kind: 'created', task: earlier.task }
    : { kind: 'idempotency-conflict' };
}

/** A task is assigned to a member of its project, or to nobody. The project is locked, so its members stay. */
export async function mayBeAssigned(tx: Transaction, projectId: string, assigneeId: string | null): Promise<boolean> {
  if (assigneeId === null) return true;
  return isUuid(assigneeId) && (await findRole(tx, projectId, assigneeId)) !== null;
}
