import { sqlOver } from '@shop/subgraph';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import type { Transaction } from './database.ts';
import { publicFields } from './users.ts';

/**
 * Locks one account and all active administrators until the transaction ends, in the order of their ids, and returns
 * their current state. If two administrators demote each other at once, the second finds that it is the last.
 */
export async function lockForAdministration(
  tx: Transaction,
  id: string,
): Promise<{ readonly user: User | null; readonly activeAdmins: number }> {
  await sqlOver(tx).query(
    `SELECT id FROM users WHERE id = $1::uuid OR (role = 'ADMIN' AND active) ORDER BY id FOR NO KEY UPDATE`,
    [id],
  );
  // A second query: while the first waited for locks, rows may have changed and others may have become
  // administrators.
  const user = await tx.user.findUnique({ where: { id }, select: publicFields });
  const activeAdmins = await tx.user.count({ where: { role: 'ADMIN', active: true } });
  return { user, activeAdmins };
}

export function updateAccess(
  tx: Transaction,
  id: string,
  change: { readonly role: Role } | { readonly active: boolean },
  updatedAt: Date,
): Promise<User> {
  return tx.user.update({ where: { id }, data: { ...change, updatedAt }, select: publicFields });
}
