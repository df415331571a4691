import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { emailKey } from '../domain/email.ts';
import type { Database, Transaction } from './database.ts';

/** A user with the password hash, which only signing in may read. */
export interface Account extends User {
  readonly passwordHash: string;
}

export const publicFields = {
  id: true,
  email: true,
  name: true,
  phone: true,
  role: true,
  active: true,
  createdAt: true,
  updatedAt: true,
} as const;

export function createUserLoader({ client }: Database) {
  return new DataLoader<string, User | null>(async (ids) => {
    const users = await client.user.findMany({ where: { id: { in: [...ids] } }, select: publicFields });
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function loadAccountByEmail({ client }: Database, email: string): Promise<Account | null> {
  return client.user.findUnique({
    where: { emailKey: emailKey(email) },
    select: { ...publicFields, passwordHash: true },
  });
}

export function loadAccount(client: Database['client'] | Transaction, id: string): Promise<Account | null> {
  return client.user.findUnique({ where: { id }, select: { ...publicFields, passwordHash: true } });
}

/** Locks an account until the transaction ends. A concurrent change waits and then sees this one. */
export async function lockAccount(tx: Transaction, id: string): Promise<Account | null> {
  await sqlOver(tx).query('SELECT id FROM users WHERE id = $1::uuid FOR NO KEY UPDATE', [id]);
  return loadAccount(tx, id);
}

export async function insertUser(tx: Transaction, account: Account): Promise<void> {
  await tx.user.create({ data: { ...account, emailKey: emailKey(account.email) } });
}

export async function updatePasswordHash(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { passwordHash } });
}

/** Writes the fields that users may change themselves. Throws when another account has the e-mail. */
export async function updateProfile(
  tx: Transaction,
  { id, email, name, phone, updatedAt }: Pick<User, 'id' | 'email' | 'name' | 'phone' | 'updatedAt'>,
): Promise<void> {
  await tx.user.update({ where: { id }, data: { email, emailKey: emailKey(email), name, phone, updatedAt } });
}

/** Replaces a password hash. Returns null when the hash has changed in the meantime. */
export async function replacePasswordHash(
  tx: Transaction,
  { id, from, to, at }: { id: string; from: string; to: string; at: Date },
): Promise<User | null> {
  const [user] = await tx.user.updateManyAndReturn({
    where: { id, passwordHash: from },
    data: { passwordHash: to, updatedAt: at },
    select: publicFields,
  });
  return user ?? null;
}

/** Deletes an account with its sessions and hashes. Returns null when the password has changed in the meantime. */
export async function deleteUser(
  tx: Transaction,
  { id, passwordHash }: { id: string; passwordHash: string },
): Promise<{ role: Role } | null> {
  const [user] = await sqlOver(tx).query<{ role: Role }>(
    'DELETE FROM users WHERE id = $1::uuid AND password_hash = $2 RETURNING role::text AS role',
    [id, passwordHash],
  );
  return user ?? null;
}
