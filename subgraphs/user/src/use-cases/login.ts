import { plainText } from '@shop/subgraph';
import { loadAccountByEmail, lockAccount, updatePasswordHash } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { whenHasherIsBusy } from './check-own-password.ts';
import type { Client, Dependencies } from './dependencies.ts';
import { openSession, type IssuedTokens } from './open-session.ts';

export type LoginOutcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly tokens: IssuedTokens }
  | { readonly kind: 'invalid-credentials' }
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/**
 * Signs in. All refusals do the same work, so that neither answer nor time reveals whether an account exists. An
 * attempt is counted before the password is hashed.
 */
export function login(dependencies: Dependencies, credentials: Credentials, client: Client): Promise<LoginOutcome> {
  return countAndCheck(dependencies, credentials, client).catch((error: unknown) =>
    whenHasherIsBusy(error, dependencies),
  );
}

async function countAndCheck(
  dependencies: Dependencies,
  { email, password }: Credentials,
  client: Client,
): Promise<LoginOutcome> {
  const { database, hasher, throttle, accessTokens, now } = dependencies;
  const attempt = await throttle.signIn(email, client.ip);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  // Beyond some limits only the owner gets in, and only from a known address. Everybody else gets one answer after the same work.
  const { limited } = attempt;
  const refusal: LoginOutcome = limited
    ? { kind: 'too-many-attempts', retryAt: limited.retryAt }
    : { kind: 'invalid-credentials' };
  const account = isPlausible(email) ? await loadAccountByEmail(database, email) : null;
  const matches = await hasher.verify(account?.passwordHash ?? null, password.slice(0, 1_000));
  if (!account || !matches || !account.active || limited?.isKnown === false) return refusal;
  const newHash = hasher.needsRehash(account.passwordHash) ? await hasher.hash(password) : null;
  const outcome = await database.transact(async (tx): Promise<LoginOutcome> => {
    // Changes during the hashing count: another password, a deactivation, another role.
    const current = await lockAccount(tx, account.id);
    if (!current?.active || current.passwordHash !== account.passwordHash) return refusal;
    if (newHash) await updatePasswordHash(tx, current.id, newHash);
    const { passwordHash: _secret, ...user } = current;
    return { kind: 'signed-in', user, tokens: await openSession(tx, accessTokens, { user, client, now: now() }) };
  });
  if (outcome.kind === 'signed-in') await attempt.succeeded();
  return outcome;
}

/** Skips the query for an e-mail that no account can have. */
function isPlausible(email: string): boolean {
  return plainText(1_000).safeParse(email).success;
}
