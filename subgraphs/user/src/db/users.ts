import { selectColumns, sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
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
  emailVerified: true,
  createdAt: true,
  updatedAt: true,
} as const;

const publicNames = Object.keys(publicFields) as (keyof typeof publicFields)[];

/** The same for raw SQL: the columns of the table `u`. */
export const publicColumns = selectColumns('u', Object.fromEntries(publicNames.map((name) => [name, name])));

const accountColumns = `${publicColumns}, u.password_hash AS "passwordHash"`;

export function createUserLoader(database: Database) {
  return new DataLoader<string, User | null>(async (ids) => {
    const users = await findUsers(database, ids);
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export async function loadAccountByEmail({ client }: Database, email: string): Promise<Account | null> {
  const [account = null] = await sqlOver(client).query<Account>(
    `SELECT ${accountColumns} FROM users AS u WHERE u.email_key = $1`,
    [emailKey(email)],
  );
  return account;
}

export function loadAccount(client: Database['client'] | Transaction, id: string): Promise<Account | null> {
  return client.user.findUnique({ where: { id }, select: { ...publicFields, passwordHash: true } });
}

export function loadUser(tx: Transaction, id: string): Promise<User | null> {
  return tx.user.findUnique({ where: { id }, select: publicFields });
}

/** Locks an account until the transaction ends. A concurrent change waits and then sees this one. */
export async function lockAccount(tx: Transaction, id: string): Promise<Account | null> {
  const [account = null] = await sqlOver(tx).query<Account>(
    `SELECT ${accountColumns} FROM users AS u WHERE u.id = $1::uuid FOR NO KEY UPDATE`,
    [id],
  );
  return account;
}

export async function insertUser(tx: Transaction, account: Account): Promise<void> {
  await tx.user.create({ data: { ...account, emailKey: emailKey(account.email) } });
}

/** Replaces the hash of a password by another one of the same password, unless the password was changed in the meantime. */
export async function renewPasswordHash(
  { client }: Database,
  { id, from, to }: { id: string; from: string; to: string },
): Promise<void> {
  await client.user.updateMany({ where: { id, passwordHash: from }, data: { passwordHash: to } });
}

/** Writes the fields that users may change at once. */
export async function updateProfile(
  tx: Transaction,
  { id, name, phone, updatedAt }: Pick<User, 'id' | 'name' | 'phone' | 'updatedAt'>,
): Promise<void> {
  await tx.user.update({ where: { id }, data: { name, phone, updatedAt } });
}

/** Writes an e-mail that its owner has verified. Throws when another account has it. */
export function updateVerifiedEmail(
  tx: Transaction,
  { id, email, updatedAt }: Pick<User, 'id' | 'email' | 'updatedAt'>,
): Promise<User> {
  const data = { email, emailKey: emailKey(email), emailVerified: true, updatedAt };
  return tx.user.update({ where: { id }, data, select: publicFields });
}

/** Writes the password that was set by a link. The link was sent to the e-mail, which is verified by that. */
export function updatePasswordByLink(
  tx: Transaction,
  { id, passwordHash, updatedAt }: Pick<Account, 'id' | 'passwordHash' | 'updatedAt'>,
): Promise<User> {
  return tx.user.update({
    where: { id },
    data: { passwordHash, emailVerified: true, updatedAt },
    select: publicFields,
  });
}

/** Finds the accounts that exist. */
export function findUsers({ client }: Database, ids: readonly string[]): Promise<User[]> {
  return sqlOver(client).query<User>(`SELECT ${publicColumns} FROM users AS u WHERE u.id = ANY($1::uuid[])`, [ids]);
}

/** Lists the ids of the active accounts of the staff and the administrators, oldest first. */
export async function listStaff({ client }: Database, limit: number): Promise<string[]> {
  const users = await client.user.findMany({
    where: { role: { in: ['STAFF', 'ADMIN'] }, active: true },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true },
  });
  return users.map(({ id }) => id);
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

/** Deletes an account with its sessions and hashes. */
export async function deleteUser(tx: Transaction, id: string): Promise<void> {
  await tx.user.delete({ where: { id } });
}

/** Returns whether there was an account with this id that its owner deleted, by the audit log. */
export async function wasDeleted({ client }: Database, id: string): Promise<boolean> {
  return (await client.auditEntry.count({ where: { subjectId: id, action: 'ACCOUNT_DELETED' } })) > 0;
}
