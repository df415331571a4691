import { fingerprint, retryWhenTaken, issuesFrom, uuidv7 } from '@shop/subgraph';
import { z } from 'zod';
import { findCommentByRequest, insertComment, type TaskComment } from '../db/comments.ts';
import type { Transaction } from '../db/database.ts';
import type { CreationRequest } from '../db/rows.ts';
import type { Task } from '../domain/task.ts';
import type { Caller, Dependencies } from './dependencies.ts';
import { commentText, idempotencyKey } from './fields.input.ts';
import { reachTask, refuseChange } from './reach-project.ts';
import type { RefusalOf } from './refusal.ts';

const newComment = z.object({ taskId: z.string().toLowerCase(), text: commentText, idempotencyKey });

export type AddTaskCommentOutcome =
  | { readonly kind: 'added'; readonly task: Task; readonly comment: TaskComment }
  | RefusalOf<'invalid-input' | 'task-not-found' | 'role-required' | 'project-archived' | 'idempotency-conflict'>;

/** Adds a comment. The task's version stays, so that comments never conflict with a change. */
export async function addTaskComment(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  caller: Caller,
): Promise<AddTaskCommentOutcome> {
  const parsed = newComment.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey: key, taskId, text } = parsed.data;
  const request = key === null ? null : { idempotencyKey: key, fingerprint: fingerprint({ taskId, text }) };
  const attempt = () =>
    database.transact(async (tx): Promise<AddTaskCommentOutcome> => {
      const reached = await reachTask(tx, taskId, caller);
      if (reached === null) return { kind: 'task-not-found' };
      const { task } = reached;
      const replay = await findReplay(tx, task, caller, request);
      if (replay) return replay;
      const refusal = refuseChange(reached, 'COMMENT');
      if (refusal) return refusal;
      const comment = { id: uuidv7(), taskId: task.id, authorId: caller.userId, text, createdAt: now() };
      await insertComment(tx, comment, request);
      return { kind: 'added', task, comment };
    });
  // The key was used for another task at the same time. The second attempt finds that comment.
  return request === null ? attempt() : retryWhenTaken(attempt);
}

async function findReplay(
  tx: Transaction,
  task: Task,
  { userId }: Caller,
  request: CreationRequest | null,
): Promise<AddTaskCommentOutcome | null> {
  const earlier = request && (await findCommentByRequest(tx, userId, request.idempotencyKey));
  if (!earlier) return null;
  return earlier.fingerprint === request.fingerprint
    ? { kind: 'added', task, comment: earlier.comment }
    : { kind: 'idempotency-conflict' };
}
