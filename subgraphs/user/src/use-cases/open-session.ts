import { uuidv7 } from '@shop/subgraph';
import type { AccessTokens } from '../auth/access-tokens.ts';
import { createRefreshToken, SESSION_LIFETIME_MS } from '../auth/refresh-token.ts';
import type { NewSession } from '../db/sessions.ts';
import type { Client } from './dependencies.ts';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly tokenType: 'Bearer';
}

/** A session of 30 days that is not written yet. */
export interface PreparedSession {
  readonly session: Omit<NewSession, 'userId'>;
  readonly refreshToken: string;
}

export function prepareSession(client: Client, now: Date): PreparedSession {
  const refresh = createRefreshToken();
  return {
    session: {
      id: uuidv7(),
      refreshTokenHash: refresh.hash,
      ...describeClient(client),
      createdAt: now,
      expiresAt: endOfSession(now),
    },
    refreshToken: refresh.token,
  };
}

export const endOfSession = (usedAt: Date): Date => new Date(usedAt.getTime() + SESSION_LIFETIME_MS);

/** Issues the tokens of a session that begins, or goes on, at a time. */
export async function issueTokens(
  accessTokens: AccessTokens,
  session: Parameters<AccessTokens['issue']>[0],
  refreshToken: string,
  at: Date,
): Promise<IssuedTokens> {
  const access = await accessTokens.issue(session, at);
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken,
    refreshTokenExpiresAt: endOfSession(at),
    tokenType: 'Bearer',
  };
}

/** Returns the client data that is stored with a session. */
export function describeClient({ ip, userAgent }: Client) {
  return { userAgent: userAgent?.slice(0, 500) ?? null, ipAddress: ip };
}
