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
  await tx.session.create({ data: { ...session, lastUsedAt: session.createdAt } });
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

/** Revokes one of a user's sessions. Returns false when there is no such active session. */
export async function revokeSession(
  tx: Transaction,
  { id, userId, at }: { id: string; userId: string; at: Date },
): Promise<boolean> {
  const { count } = await tx.session.updateMany({ where: { id, userId, ...live(at) }, data: { revokedAt: at } });
  return count > 0;
}

/** Revokes all of a user's sessions, except the one to keep. Returns how many. */
export async function revokeSessions(
  tx: Transaction,
  { userId, keep, at }: { userId: string; keep?: string | null; at: Date },
): Promise<number> {
  const others = keep == null ? {} : { id: { not: keep } };
  const { count } = await tx.session.updateMany({ where: { userId, ...others, ...live(at) }, data: { revokedAt: at } });
  return count;
}
