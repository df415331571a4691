import { plainText } from '@shop/service';
import { loadAccountByEmail, updatePasswordHash } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { HasherBusy } from '../auth/password-hasher.ts';
import type { Client, Dependencies } from './dependencies.ts';
import { openSession, type IssuedTokens } from './open-session.ts';

const RETRY_AFTER_MS = 5_000;

export type LoginOutcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly tokens: IssuedTokens }
  | { readonly kind: 'invalid-credentials' }
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

/** Signs in. Every refusal does the same work, so that neither answer nor time tells whether an account exists. */
export async function login(
  dependencies: Dependencies,
  credentials: { email: string; password: string },
  client: Client,
): Promise<LoginOutcome> {
  try {
    return await checkAndOpen(dependencies, credentials, client);
  } catch (error) {
    if (!(error instanceof HasherBusy)) throw error;
    return { kind: 'too-many-attempts', retryAt: new Date(dependencies.now().getTime() + RETRY_AFTER_MS) };
  }
}

async function checkAndOpen(
  { database, hasher, accessTokens, now }: Dependencies,
  { email, password }: { email: string; password: string },
  client: Client,
): Promise<LoginOutcome> {
  const account = isPlausible(email) ? await loadAccountByEmail(database, email) : null;
  const matches = await hasher.verify(account?.passwordHash ?? null, password.slice(0, 1_000));
  if (!account || !matches || !account.active) return { kind: 'invalid-credentials' };
  const { passwordHash, ...user } = account;
  const newHash = hasher.needsRehash(passwordHash) ? await hasher.hash(password) : null;
  const tokens = await database.transact(async (tx) => {
    if (newHash) await updatePasswordHash(tx, user.id, newHash);
    return openSession(tx, accessTokens, { user, client, now: now() });
  });
  return { kind: 'signed-in', user, tokens };
}

/** What no account can have is not asked for. */
function isPlausible(email: string): boolean {
  return plainText(254).safeParse(email).success;
}
