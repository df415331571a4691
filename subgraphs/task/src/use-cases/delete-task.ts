import { appendAudit } from '@shop/subgraph';
import { deleteTask as deleteRow } from '../db/tasks.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { reachTask, refuseChange } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

export type DeleteTaskOutcome =
  | { readonly kind: 'deleted'; readonly taskId: string }
  | RefusalOf<'task-not-found' | 'role-required' | 'project-archived'>;

/** Deletes a task with its history and comments. Its number is not given again, and the audit log keeps the key. */
export function deleteTask(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  id: string,
  caller: Caller,
): Promise<DeleteTaskOutcome> {
  return database.transact(async (tx): Promise<DeleteTaskOutcome> => {
    const reached = await reachTask(tx, id, caller);
    if (reached === null) return { kind: 'task-not-found' };
    const { task } = reached;
    const isOwn = task.creatorId === caller.userId;
    const refusal = refuseChange(reached, isOwn ? 'DELETE_OWN_TASK' : 'DELETE_TASK');
    if (refusal) return refusal;
    await deleteRow(tx, task.id);
    const entry = { actorId: caller.userId, action: 'TASK_DELETED', subjectId: task.id, details: { key: task.key } };
    await appendAudit(tx, [entry], now());
    return { kind: 'deleted', taskId: task.id };
  });
}
