import DataLoader from 'dataloader';
import type { User } from '../domain/user.ts';
import { emailKey } from '../domain/email.ts';
import type { Database, Transaction } from './database.ts';

/** A user with what only signing in may see. */
export interface Account extends User {
  readonly passwordHash: string;
}

const publicFields = {
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

export async function insertUser(tx: Transaction, account: Account): Promise<void> {
  await tx.user.create({ data: { ...account, emailKey: emailKey(account.email) } });
}

export async function updatePasswordHash(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { passwordHash } });
}
