import { insertSession } from '../db/sessions.ts';
import type { Client, Dependencies } from './dependencies.ts';
import { openAccount, type OpenAccountOutcome } from './open-account.ts';
import { revealTakenEmail } from './reveal-taken-email.ts';
import { issueTokens, type IssuedTokens, prepareSession } from './open-session.ts';

export type RegisterOutcome =
  | OpenAccountOutcome<IssuedTokens>
  | { readonly kind: 'too-many-attempts'; readonly retryAt: Date };

/** Opens a customer's account and signs it in. Throws HasherBusyError. */
export async function register(dependencies: Dependencies, input: unknown, client: Client): Promise<RegisterOutcome> {
  const attempt = await dependencies.throttle.register(client.ip);
  if (!attempt.isAllowed) return { kind: 'too-many-attempts', retryAt: attempt.retryAt };
  const outcome = await openAccount(
    dependencies,
    input,
    { role: 'CUSTOMER', emailVerified: false },
    async (tx, { id: userId, role, createdAt }) => {
      const { session, refreshToken } = prepareSession(client, createdAt);
      await insertSession(tx, { ...session, userId });
      return issueTokens(dependencies.accessTokens, { userId, sessionId: session.id, role }, refreshToken, createdAt);
    },
  );
  if (outcome.kind === 'opened') await dependencies.throttle.remember(outcome.user.email, client.ip);
  return outcome.kind === 'email-taken' ? revealTakenEmail(dependencies, client) : outcome;
}
