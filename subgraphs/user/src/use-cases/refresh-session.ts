import { createRefreshToken, hashRefreshToken } from '../auth/refresh-token.ts';
import { revokeSessionByToken, rotateRefreshToken, type RevokedSession } from '../db/refresh-tokens.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import type { Client, Dependencies } from './dependencies.ts';
import { describeClient, endOfSession, issueTokens, type IssuedTokens } from './open-session.ts';

export type RefreshSessionOutcome =
  | { readonly kind: 'refreshed'; readonly userId: string; readonly tokens: IssuedTokens }
  /** `revoked` is the session that this use ended. It is for the log only. */
  | { readonly kind: 'invalid-refresh-token'; readonly revoked: RevokedSession | null };

/**
 * Exchanges a refresh token for new tokens, with the current scopes of the account's role.
 * A token works once: of any number of concurrent uses, one gets tokens. Every other use shows that the token was
 * copied. It ends the session, since nobody can tell who has the copy (docs/decisions/008-refresh-tokens-work-
 * once.md).
 */
export function refreshSession(
  { database, accessTokens, now }: Dependencies,
  { refreshToken }: { refreshToken: string },
  client: Client,
): Promise<RefreshSessionOutcome> {
  const presented = hashRefreshToken(refreshToken);
  const next = createRefreshToken();
  const at = now();
  return database.transact(async (tx) => {
    const session = await rotateRefreshToken(tx, {
      from: presented,
      to: next.hash,
      at,
      expiresAt: endOfSession(at),
      ...describeClient(client),
    });
    if (!session) {
      const revoked = await revokeSessionByToken(tx, presented, at);
      if (revoked) await announceEndedSessions(tx, { userId: revoked.userId, only: revoked.sessionId, at });
      return { kind: 'invalid-refresh-token', revoked };
    }
    const tokens = await issueTokens(accessTokens, session, next.token, at);
    return { kind: 'refreshed', userId: session.userId, tokens };
  });
}
