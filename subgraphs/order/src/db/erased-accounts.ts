import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * Marks an account as erased, and locks it against requests that are about to write for it: those that have the lock of
 * `account_is_open` are waited for, so that their rows are seen, and those that come later see the mark.
 */
export async function markErased(tx: Transaction, userId: string, at: Date): Promise<void> {
  await sqlOver(tx).query('SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text', [userId]);
  await tx.erasedAccount.createMany({ data: { userId, erasedAt: at }, skipDuplicates: true });
}
