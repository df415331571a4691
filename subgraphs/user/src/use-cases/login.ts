import { plainText } from '@shop/subgraph';
import { insertSessionByPassword } from '../db/sessions.ts';
import { loadAccountByEmail, renewPasswordHash } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { whenHasherIsBusy } from './check-own-password.ts';
import type { Client, Dependencies } from './dependencies.ts';
import { type IssuedTokens, issueTokens, prepareSession } from './open-session.ts';

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
  const { passwordHash } = account;
  const newHash = hasher.needsRehash(passwordHash) ? await hasher.hash(password) : null;
  if (newHash !== null) await renewPasswordHash(database, { id: account.id, from: passwordHash, to: newHash });
  const at = now();
  const { session, refreshToken } = prepareSession(client, at);
  // Changes during the hashing count: another password, a deactivation, another role.
  const user = await insertSessionByPassword(database, { ...session, userId: account.id }, newHash ?? passwordHash);
  if (user === null) return refusal;
  const { id: userId, role } = user;
  const tokens = await issueTokens(accessTokens, { userId, sessionId: session.id, role }, refreshToken, at);
  await attempt.succeeded();
  return { kind: 'signed-in', user, tokens };
}

/** Skips the query for an e-mail that no account can have. */
function isPlausible(email: string): boolean {
  return plainText(1_000).safeParse(email).success;
}
