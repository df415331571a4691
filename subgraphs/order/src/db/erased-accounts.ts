import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * Marks an account as erased, under a lock against concurrent requests of that account. Requests that already hold
 * the lock of `account_is_open` finish first, so that their rows are visible. Later requests see the mark.
 */
export async function markErased(tx: Transaction, userId: string, at: Date): Promise<void> {
  await sqlOver(tx).query('SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text', [userId]);
  await tx.erasedAccount.createMany({ data: { userId, erasedAt: at }, skipDuplicates: true });
}
