import { sqlOver } from '@shop/service';
import type { Transaction } from './database.ts';

const lockKey = 'hashtextextended($1::text, 0)';

/**
 * Marks an account as erased, and locks it against requests that are about to write for it: those that hold `isErased`'s
 * lock are waited for, so that their rows are seen, and those that come later see the mark.
 */
export async function markErased(tx: Transaction, userId: string, at: Date): Promise<void> {
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock(${lockKey})::text`, [userId]);
  await tx.erasedAccount.createMany({ data: { userId, erasedAt: at }, skipDuplicates: true });
}

/**
 * Whether an account was erased. No means that it will not be before the transaction ends, so that what is written for
 * it is found by the erasure. An access token outlives its account by up to 15 minutes.
 */
export async function isErased(tx: Transaction, userId: string): Promise<boolean> {
  // A statement of its own: the next one must see what was committed while this one waited.
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock_shared(${lockKey})::text`, [userId]);
  return (await tx.erasedAccount.findUnique({ where: { userId } })) !== null;
}
