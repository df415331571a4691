import { appendToOutbox } from '@shop/messaging';
import { isUniqueViolation, issuesFrom, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import { insertUser } from '../db/users.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { userWasCreated } from '../events/outgoing.ts';
import { accountInput } from './account-input.ts';
import type { Dependencies } from './dependencies.ts';

const newAccount = z.object(accountInput);

export type OpenAccountOutcome<Extra> =
  | { readonly kind: 'opened'; readonly user: User; readonly extra: Extra }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'email-taken' };

/** Opens an account with a role. `also` runs in the same transaction. Throws HasherBusyError. */
export async function openAccount<Extra>(
  { database, hasher, now }: Pick<Dependencies, 'database' | 'hasher' | 'now'>,
  input: unknown,
  role: Role,
  also: (tx: Transaction, user: User) => Promise<Extra>,
): Promise<OpenAccountOutcome<Extra>> {
  const parsed = newAccount.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { email, password, name, phone } = parsed.data;
  const passwordHash = await hasher.hash(password);
  const at = now();
  const user: User = { id: uuidv7(), email, name, phone, role, active: true, createdAt: at, updatedAt: at };
  try {
    const extra = await database.transact(async (tx) => {
      await insertUser(tx, { ...user, passwordHash });
      await appendToOutbox(sqlOver(tx), [userWasCreated(user)]);
      return also(tx, user);
    });
    return { kind: 'opened', user, extra };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}
