import type { Client, Dependencies } from './dependencies.ts';
import { openAccount, type OpenAccountOutcome } from './open-account.ts';
import { revealTakenEmail } from './reveal-taken-email.ts';
import { openSession, type IssuedTokens } from './open-session.ts';

export type RegisterOutcome =
  | OpenAccountOutcome<IssuedTokens>
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

/** Opens a customer's account and signs it in. Throws HasherBusyError. */
export async function register(dependencies: Dependencies, input: unknown, client: Client): Promise<RegisterOutcome> {
  const attempt = await dependencies.throttle.register(client.ip);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  const outcome = await openAccount(dependencies, input, { role: 'CUSTOMER', emailVerified: false }, (tx, user) =>
    openSession(tx, dependencies.accessTokens, { user, client, now: user.createdAt }),
  );
  if (outcome.kind === 'opened') await dependencies.throttle.remember(outcome.user.email, client.ip);
  return outcome.kind === 'email-taken' ? revealTakenEmail(dependencies, client) : outcome;
}
