import { HasherBusyError } from '../auth/password-hasher.ts';
import { loadAccount, type Account } from '../db/users.ts';
import type { Dependencies } from './dependencies.ts';

const RETRY_AFTER_MS = 5_000;

export type PasswordRefusal =
  | { readonly kind: 'invalid-credentials' }
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

/** Checks that a signed-in user knows the password: a stolen access token alone must not take over the account. */
export async function checkOwnPassword(
  { database, hasher, throttle }: Dependencies,
  userId: string,
  password: string,
): Promise<{ readonly kind: 'matches'; readonly account: Account } | PasswordRefusal> {
  const attempt = await throttle.checkPassword(userId);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  const account = await loadAccount(database.client, userId);
  const matches = await hasher.verify(account?.passwordHash ?? null, password.slice(0, 1_000));
  if (!account || !matches || !account.active) return { kind: 'invalid-credentials' };
  await attempt.succeeded();
  return { kind: 'matches', account };
}

/** Returns the outcome for a full queue of hashes. Rethrows every other error. */
export function whenHasherIsBusy(error: unknown, { now }: Pick<Dependencies, 'now'>): PasswordRefusal {
  if (!(error instanceof HasherBusyError)) throw error;
  return { kind: 'too-many-attempts', retryAt: new Date(now().getTime() + RETRY_AFTER_MS) };
}
