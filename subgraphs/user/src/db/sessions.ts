import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { RefreshTokenHash } from '../auth/refresh-token.ts';
import type { Session } from '../domain/session.ts';
import type { Database, Transaction } from './database.ts';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly refreshTokenHash: RefreshTokenHash;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  const { id, userId, refreshTokenHash, userAgent, ipAddress, createdAt, expiresAt } = session;
  await sqlOver(tx).query(
    `INSERT INTO sessions (id, user_id, refresh_token_hash, user_agent, ip_address, created_at, last_used_at, expires_at)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $6::timestamptz, $7::timestamptz)`,
    [id, userId, refreshTokenHash, userAgent, ipAddress, createdAt, expiresAt],
  );
}

/** Neither revoked nor expired. */
const live = (at: Date) => ({ revokedAt: null, expiresAt: { gt: at } });

/** Loads users' sessions that are neither revoked nor expired, newest first. */
export function createSessionLoader({ client }: Database, now: () => Date) {
  return new DataLoader<string, Session[]>(async (userIds) => {
    const sessions = await client.session.findMany({
      where: { userId: { in: [...userIds] }, ...live(now()) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      omit: { refreshTokenHash: true, revokedAt: true },
    });
    const byUser = new Map<string, Session[]>(userIds.map((id) => [id, []]));
    for (const session of sessions) byUser.get(session.userId)?.push(session);
    return userIds.map((id) => byUser.get(id) ?? []);
  });
}

/** Lists all sessions of a user, newest first, also those that have ended. */
export function listSessions({ client }: Database, userId: string): Promise<Session[]> {
  return client.session.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    omit: { refreshTokenHash: true, revokedAt: true },
  });
}

/** Which sessions of a user: one, all except one, or all. */
export interface SessionChoice {
  readonly userId: string;
  readonly only?: string | undefined;
  readonly except?: string | null | undefined;
}

const chosen = ({ userId, only, except }: SessionChoice) => ({
  userId,
  id: { ...(only == null ? {} : { equals: only }), ...(except == null ? {} : { not: except }) },
});

/** Revokes a user's sessions. Returns how many. */
export async function revokeSessions(
  tx: Transaction,
  { at, ...choice }: SessionChoice & { at: Date },
): Promise<number> {
  const { count } = await tx.session.updateMany({ where: { ...chosen(choice), ...live(at) }, data: { revokedAt: at } });
  return count;
}

/** Lists the sessions that were used since a time, revoked ones too: an access token was issued at each use. */
export async function listSessionsUsedSince(tx: Transaction, choice: SessionChoice, since: Date): Promise<string[]> {
  const sessions = await tx.session.findMany({
    where: { ...chosen(choice), lastUsedAt: { gt: since } },
    select: { id: true },
  });
  return sessions.map(({ id }) => id);
}
