import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * Returns whether no account is erased, and keeps them all from being erased until the transaction ends. An access token outlives its
 * account by up to 15 minutes. Accounts are locked before projects, as in an erasure, so that the two cannot deadlock.
 */
export async function areOpen(tx: Transaction, userIds: readonly string[]): Promise<boolean> {
  const [row] = await sqlOver(tx).query<{ open: boolean }>(
    'SELECT coalesce(bool_and(account_is_open(id)), true) AS open FROM unnest($1::uuid[]) AS account(id)',
    [userIds],
  );
  return row?.open === true;
}

/**
 * Marks an account as erased, under a lock against concurrent requests of that account. Requests that already hold
 * the lock of `account_is_open` finish first, so that their rows are visible. Later requests see the mark.
 */
export async function markErased(tx: Transaction, userId: string, at: Date): Promise<void> {
  await sqlOver(tx).query('SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text', [userId]);
  await tx.erasedAccount.createMany({ data: { userId, erasedAt: at }, skipDuplicates: true });
}

/**
 * Removes a person from what they created and wrote, which stays. Also removes the idempotency keys, since the client chose their
 * text.
 */
export async function forgetPerson(tx: Transaction, userId: string): Promise<void> {
  const request = { idempotencyKey: null, fingerprint: null };
  await tx.project.updateMany({ where: { creatorId: userId }, data: { creatorId: null, ...request } });
  await tx.task.updateMany({ where: { creatorId: userId }, data: { creatorId: null, ...request } });
  await tx.taskComment.updateMany({ where: { authorId: userId }, data: { authorId: null, ...request } });
  await tx.taskEvent.updateMany({ where: { actorId: userId }, data: { actorId: null } });
}
