import { sqlOver } from '@shop/subgraph';
import type { Transaction } from './database.ts';

/**
 * Locks accounts against their erasure until the transaction ends, and returns those that are erased already. Transactions that share
 * the lock do not wait for each other.
 */
export async function lockRecipients(tx: Transaction, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(userIds)].sort();
  if (ids.length === 0) return new Set();
  await sqlOver(tx).query(
    `SELECT pg_advisory_xact_lock_shared(hashtextextended(id, 0))::text FROM unnest($1::text[]) WITH ORDINALITY AS u(id, place)
     ORDER BY place`,
    [ids],
  );
  const rows = await sqlOver(tx).query<{ id: string }>(
    'SELECT user_id::text AS id FROM erased_accounts WHERE user_id = ANY($1::uuid[])',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Marks an account as erased. It waits for transactions that write about the account, so that their rows can be erased too. */
export async function markErased(tx: Transaction, userId: string, at: Date): Promise<void> {
  await sqlOver(tx).query('SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))::text', [userId]);
  await tx.erasedAccount.createMany({ data: { userId, erasedAt: at }, skipDuplicates: true });
}
