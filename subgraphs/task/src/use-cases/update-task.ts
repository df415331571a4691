import { appendToOutbox } from '@shop/messaging';
import { issuesFrom, sqlOver } from '@shop/subgraph';
import { z } from 'zod';
import { updateTask as saveTask } from '../db/tasks.ts';
import { changeTask, type Task } from '../domain/task.ts';
import { taskStatuses } from '../domain/task-status.ts';
import { taskWasUpdated } from '../events/outgoing.ts';
import { mayBeAssigned } from './create-task.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { expectedVersion, taskFields } from './fields.input.ts';
import { reachTask, refuseChange } from './reach-project.ts';
import { refuseField, type RefusalOf } from './refusal.ts';

/** A field that is left out stays. Null empties a field that may be empty, and is invalid for others. */
const taskChange = z
  .object({
    ...taskFields,
    assigneeId: taskFields.assigneeId.transform((id) => id?.toLowerCase() ?? null),
    status: z.enum(taskStatuses),
  })
  .partial()
  .extend({ id: z.string(), expectedVersion });

export type UpdateTaskOutcome =
  | { readonly kind: 'updated'; readonly task: Task }
  | RefusalOf<
      'invalid-input' | 'task-not-found' | 'role-required' | 'project-archived' | 'not-a-member' | 'version-conflict'
    >;

/** Changes the given fields. When nothing differs, the version stays and no event is sent. */
export async function updateTask(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  caller: Caller,
): Promise<UpdateTaskOutcome> {
  const parsed = taskChange.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id, expectedVersion: expected, ...wanted } = parsed.data;
  return database.transact(async (tx): Promise<UpdateTaskOutcome> => {
    const reached = await reachTask(tx, id, caller);
    if (reached === null) return { kind: 'task-not-found' };
    const refusal = refuseChange(reached, 'CHANGE_TASK');
    if (refusal) return refusal;
    const { task, project } = reached;
    if (expected != null && expected !== task.version)
      return { kind: 'version-conflict', currentVersion: task.version };
    const decision = changeTask(task, wanted, now());
    if (decision.kind === 'unchanged') return { kind: 'updated', task };
    if (decision.kind === 'impossible-status')
      return refuseField('status', `a task that is ${decision.from} cannot become ${decision.to}; open it again first`);
    const { assigneeId } = decision.task;
    if (assigneeId !== task.assigneeId && !(await mayBeAssigned(tx, project.id, assigneeId)))
      return { kind: 'not-a-member' };
    await saveTask(tx, task, decision.task, caller.userId);
    await appendToOutbox(sqlOver(tx), taskWasUpdated(task, decision.task, caller.userId));
    return { kind: 'updated', task: decision.task };
  });
}
