import { sqlOver } from '@shop/subgraph';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import type { Transaction } from './database.ts';
import { publicFields } from './users.ts';

/** A caller's rights as they are now. The access token may be older. */
export interface Actor {
  readonly role: Role;
  readonly active: boolean;
}

/**
 * Locks the caller's account, one account and all active administrators until the transaction ends, in the order of their ids, and returns
 * their current state. If two administrators demote each other at once, the second finds that it is the last.
 */
export async function lockForAdministration(
  tx: Transaction,
  id: string | null,
  callerId: string,
): Promise<{ readonly user: User | null; readonly actor: Actor | null; readonly activeAdmins: number }> {
  await sqlOver(tx).query(
    `SELECT id FROM users WHERE id IN ($1::uuid, $2::uuid) OR (role = 'ADMIN' AND active) ORDER BY id FOR NO KEY UPDATE`,
    [id, callerId],
  );
  // A second query: while the first waited for locks, rows may have changed and others may have become
  // administrators.
  const user = id === null ? null : await tx.user.findUnique({ where: { id }, select: publicFields });
  const actor = await tx.user.findUnique({ where: { id: callerId }, select: { role: true, active: true } });
  const activeAdmins = await tx.user.count({ where: { role: 'ADMIN', active: true } });
  return { user, actor, activeAdmins };
}

export function updateAccess(
  tx: Transaction,
  id: string,
  change: { readonly role: Role } | { readonly active: boolean },
  updatedAt: Date,
): Promise<User> {
  return tx.user.update({ where: { id }, data: { ...change, updatedAt }, select: publicFields });
}
