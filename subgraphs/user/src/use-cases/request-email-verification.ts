import { appendToOutbox } from '@shop/messaging';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { insertRequests, listPendingEmails } from '../db/account-requests.ts';
import type { Transaction } from '../db/database.ts';
import { lockAccount } from '../db/users.ts';
import { newRequest, type AccountRequest } from '../domain/account-request.ts';
import { emailVerificationWasRequested } from '../events/outgoing.ts';
import type { Client, Dependencies, SignedIn } from './dependencies.ts';

export type RequestEmailVerificationOutcome =
  | { readonly kind: 'requested' }
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date }
  /** The account was deleted or deactivated after the access token was signed. */
  | { readonly kind: 'no-account' };

/**
 * Asks for another link to verify the caller's pending e-mail or, without one, the e-mail of the account. Earlier links keep working,
 * since the mail may only have been slow. Does nothing when the e-mail is verified.
 */
export async function requestEmailVerification(
  { database, throttle, now }: Pick<Dependencies, 'database' | 'throttle' | 'now'>,
  { userId }: SignedIn,
  { ip }: Client,
): Promise<RequestEmailVerificationOutcome> {
  const at = now();
  return database.transact(async (tx): Promise<RequestEmailVerificationOutcome> => {
    const account = await lockAccount(tx, userId);
    if (!account?.active) return { kind: 'no-account' };
    const request = await findWhatToVerify(tx, account, at);
    if (request === null) return { kind: 'requested' };
    const attempt = await throttle.sendLink('verification', { email: request.email ?? account.email, userId }, ip);
    if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
    await insertRequests(tx, [request]);
    await appendToOutbox(sqlOver(tx), [emailVerificationWasRequested(request)]);
    return { kind: 'requested' };
  });
}

async function findWhatToVerify(
  tx: Transaction,
  { id: userId, emailVerified }: { readonly id: string; readonly emailVerified: boolean },
  at: Date,
): Promise<AccountRequest | null> {
  const pending = (await listPendingEmails(tx, [userId], at)).get(userId);
  const isAbout = { id: uuidv7(), userId, at };
  if (pending !== undefined) return newRequest(isAbout, { purpose: 'CHANGE_EMAIL', email: pending });
  return emailVerified ? null : newRequest(isAbout, { purpose: 'VERIFY_EMAIL' });
}
