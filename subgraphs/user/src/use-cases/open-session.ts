import { uuidv7 } from '@shop/subgraph';
import type { AccessTokens } from '../auth/access-tokens.ts';
import { createRefreshToken, SESSION_LIFETIME_MS } from '../auth/refresh-token.ts';
import type { Transaction } from '../db/database.ts';
import { insertSession } from '../db/sessions.ts';
import type { User } from '../domain/user.ts';
import type { Client } from './dependencies.ts';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly tokenType: 'Bearer';
}

/** Opens a session of 30 days inside the caller's transaction. */
export async function openSession(
  tx: Transaction,
  accessTokens: AccessTokens,
  { user, client, now }: { user: User; client: Client; now: Date },
): Promise<IssuedTokens> {
  const sessionId = uuidv7();
  const refresh = createRefreshToken();
  const expiresAt = new Date(now.getTime() + SESSION_LIFETIME_MS);
  await insertSession(tx, {
    id: sessionId,
    userId: user.id,
    refreshTokenHash: refresh.hash,
    ...describeClient(client),
    createdAt: now,
    expiresAt,
  });
  const access = await accessTokens.issue({ userId: user.id, sessionId, role: user.role }, now);
  return {
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: refresh.token,
    refreshTokenExpiresAt: expiresAt,
    tokenType: 'Bearer',
  };
}

/** Returns the client data that is stored with a session. */
export function describeClient({ ip, userAgent }: Client) {
  return { userAgent: userAgent?.slice(0, 500) ?? null, ipAddress: ip };
}
