import { isUniqueViolation, issuesFrom, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { createToken } from '../auth/opaque-token.ts';
import { lockForAdministration } from '../db/administration.ts';
import { decideRight } from '../domain/access.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import { accountInput } from './account-input.ts';
import type { CallerRefusal } from './change-access.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';
import { storeAccount } from './store-account.ts';

const { password: _none, ...fields } = accountInput;
const newAccount = z.object(fields);

const SCOPE = 'user:write';

export type CreateUserOutcome =
  | { readonly kind: 'created'; readonly user: User }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'email-taken' }
  | CallerRefusal;

/**
 * Makes an account for somebody else, who is sent a link to set the password. Until then it has a random one that nobody knows, so
 * that signing in to it fails in the same time as with any wrong password. The caller's own account decides, as it is in this
 * transaction. Throws HasherBusyError.
 */
export async function createUser(
  { database, hasher, now }: Pick<Dependencies, 'database' | 'hasher' | 'now'>,
  { role, ...input }: { readonly role: Role; readonly [field: string]: unknown },
  caller: SignedIn,
): Promise<CreateUserOutcome> {
  const parsed = newAccount.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const passwordHash = await hasher.hash(createToken().token);
  const at = now();
  const isNew = { active: true, emailVerified: false, createdAt: at, updatedAt: at };
  const user: User = { id: uuidv7(), ...parsed.data, role, ...isNew };
  try {
    return await database.transact(async (tx): Promise<CreateUserOutcome> => {
      const { actor } = await lockForAdministration(tx, null, caller.userId);
      const right = decideRight(actor, SCOPE);
      if (right !== 'allowed') return right === 'forbidden' ? { kind: right, scope: SCOPE } : { kind: right };
      await storeAccount(tx, { ...user, passwordHash }, { openedBy: caller.userId, link: 'INVITATION' });
      return { kind: 'created', user };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}
