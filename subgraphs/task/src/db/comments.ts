import type { Transaction } from './database.ts';
import type { CreationRequest } from './rows.ts';

/** A remark about a task. */
export interface TaskComment {
  readonly id: string;
  readonly taskId: string;
  /** Null after the account was deleted. */
  readonly authorId: string | null;
  readonly text: string;
  readonly createdAt: Date;
}

const selection = { id: true, taskId: true, authorId: true, text: true, createdAt: true } as const;

/** @throws a unique violation when the author used the idempotency key before */
export async function insertComment(
  tx: Transaction,
  comment: TaskComment,
  request: CreationRequest | null,
): Promise<void> {
  await tx.taskComment.create({ data: { ...comment, ...request }, select: { id: true } });
}

/** Finds the comment that an author's request with this key created. */
export async function findCommentByRequest(
  client: Transaction,
  authorId: string,
  idempotencyKey: string,
): Promise<{ readonly comment: TaskComment; readonly fingerprint: string | null } | null> {
  const row = await client.taskComment.findUnique({
    where: { authorId_idempotencyKey: { authorId, idempotencyKey } },
    select: { ...selection, fingerprint: true },
  });
  if (!row) return null;
  const { fingerprint, ...comment } = row;
  return { comment, fingerprint };
}
