import { isUniqueViolation, issuesFrom, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import type { Transaction } from '../db/database.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { accountInput } from './account-input.ts';
import type { Dependencies } from './dependencies.ts';
import { storeAccount } from './store-account.ts';

const newAccount = z.object(accountInput);

export type OpenAccountOutcome<Extra> =
  | { readonly kind: 'opened'; readonly user: User; readonly extra: Extra }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'email-taken' };

/** The fields of a new account. */
export interface AccountStart {
  readonly role: Role;
  /** True for accounts whose e-mail needs no proof. The others are sent a link to verify it. */
  readonly emailVerified: boolean;
  /** Only for accounts that other data names. Default: a new id. */
  readonly id?: string;
}

/** Opens an account with a password. `also` runs in the same transaction. Throws HasherBusyError. */
export async function openAccount<Extra>(
  { database, hasher, now }: Pick<Dependencies, 'database' | 'hasher' | 'now'>,
  input: unknown,
  { role, emailVerified, id = uuidv7() }: AccountStart,
  also: (tx: Transaction, user: User) => Promise<Extra>,
): Promise<OpenAccountOutcome<Extra>> {
  const parsed = newAccount.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { password, ...fields } = parsed.data;
  const passwordHash = await hasher.hash(password);
  const at = now();
  const user: User = { id, ...fields, role, active: true, emailVerified, createdAt: at, updatedAt: at };
  try {
    const extra = await database.transact(async (tx) => {
      await storeAccount(
        tx,
        { ...user, passwordHash },
        { openedBy: null, link: emailVerified ? null : 'VERIFY_EMAIL' },
      );
      return also(tx, user);
    });
    return { kind: 'opened', user, extra };
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}
