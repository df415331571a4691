import { appendToOutbox } from '@shop/messaging';
import { appendAudit, isUniqueViolation, sqlOver, uuidv7 } from '@shop/subgraph';
import { hashToken } from '../auth/opaque-token.ts';
import { deleteRequests, lockAccountByToken } from '../db/account-requests.ts';
import type { Transaction } from '../db/database.ts';
import { updateVerifiedEmail, type Account } from '../db/users.ts';
import { emailPurposes } from '../domain/account-request.ts';
import type { User } from '../domain/user.ts';
import { userWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { keepFormerAddress } from './keep-former-address.ts';

export type VerifyEmailOutcome =
  | { readonly kind: 'verified'; readonly user: User }
  | { readonly kind: 'invalid-token' }
  /** Another account has got the e-mail since the change was asked for. The link still works. */
  | { readonly kind: 'email-taken' };

/** Verifies the e-mail that a link was sent to. A pending e-mail becomes that of the account. */
export async function verifyEmail(
  dependencies: Pick<Dependencies, 'database' | 'sealer' | 'now'>,
  { token }: { readonly token: string },
): Promise<VerifyEmailOutcome> {
  const at = dependencies.now();
  try {
    return await dependencies.database.transact(async (tx): Promise<VerifyEmailOutcome> => {
      const found = await lockAccountByToken(tx, hashToken(token), emailPurposes, at);
      if (found === null) return { kind: 'invalid-token' };
      const { account, request } = found;
      const user =
        request.email === null
          ? await confirmEmail(tx, account, at)
          : await changeEmail(tx, dependencies, { account, email: request.email, at });
      return { kind: 'verified', user };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'email-taken' };
    throw error;
  }
}

async function confirmEmail(tx: Transaction, { id, email }: Account, at: Date): Promise<User> {
  const user = await updateVerifiedEmail(tx, { id, email, updatedAt: at });
  await deleteRequests(tx, id, ['VERIFY_EMAIL']);
  await appendAudit(tx, [{ actorId: id, action: 'EMAIL_VERIFIED', subjectId: id, details: {} }], at);
  return user;
}

async function changeEmail(
  tx: Transaction,
  dependencies: Pick<Dependencies, 'sealer'>,
  { account: { id, email: former }, email, at }: { account: Account; email: string; at: Date },
): Promise<User> {
  const user = await updateVerifiedEmail(tx, { id, email, updatedAt: at });
  // Links that were sent to the former e-mail must not give the account to whoever reads mail there.
  await deleteRequests(tx, id);
  const changeId = uuidv7();
  await keepFormerAddress(tx, dependencies, { changeId, userId: id, email: former, at });
  await appendToOutbox(sqlOver(tx), [userWasUpdated(user, ['email'], changeId)]);
  await appendAudit(tx, [{ actorId: id, action: 'EMAIL_CHANGED', subjectId: id, details: {} }], at);
  return user;
}
