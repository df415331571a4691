import { sqlOver } from '@shop/subgraph';
import type { RefreshTokenHash } from '../auth/refresh-token.ts';
import type { Role } from '../domain/role.ts';
import type { Transaction } from './database.ts';

export interface Rotation {
  readonly from: RefreshTokenHash;
  readonly to: RefreshTokenHash;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
}

export interface RotatedSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly role: Role;
}

// One conditional update decides: of concurrent requests with the same token, the second waits for the row, checks
// again and finds another hash.
const rotate = `
WITH rotated AS (
  UPDATE sessions SET refresh_token_hash = $2, last_used_at = $3::timestamptz, expires_at = $4::timestamptz,
    user_agent = coalesce($5, sessions.user_agent), ip_address = coalesce($6, sessions.ip_address)
  FROM users
  WHERE sessions.refresh_token_hash = $1 AND sessions.revoked_at IS NULL AND sessions.expires_at > $3::timestamptz
    AND users.id = sessions.user_id AND users.active
  RETURNING sessions.id AS "sessionId", sessions.user_id AS "userId", users.role::text AS role
), remembered AS (
  INSERT INTO rotated_refresh_tokens (hash, session_id, rotated_at) SELECT $1, "sessionId", $3::timestamptz FROM rotated
)
SELECT * FROM rotated`;

/** Rotates a session's refresh token. Returns null when the token is not valid or the account may not sign in. */
export async function rotateRefreshToken(
  tx: Transaction,
  { from, to, at, expiresAt, userAgent, ipAddress }: Rotation,
): Promise<RotatedSession | null> {
  const [session] = await sqlOver(tx).query<RotatedSession>(rotate, [from, to, at, expiresAt, userAgent, ipAddress]);
  return session ?? null;
}

export interface RevokedSession {
  readonly sessionId: string;
  readonly userId: string;
}

/**
 * Revokes the session of a current or rotated refresh token. Returns null when there is none, or it was revoked
 * before.
 */
export async function revokeSessionByToken(
  tx: Transaction,
  token: RefreshTokenHash,
  at: Date,
): Promise<RevokedSession | null> {
  const [session] = await sqlOver(tx).query<RevokedSession>(
    `UPDATE sessions SET revoked_at = $2::timestamptz WHERE revoked_at IS NULL AND id IN (
       SELECT id FROM sessions WHERE refresh_token_hash = $1
       UNION ALL SELECT session_id FROM rotated_refresh_tokens WHERE hash = $1)
     RETURNING id AS "sessionId", user_id AS "userId"`,
    [token, at],
  );
  return session ?? null;
}
