import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { RefreshTokenHash } from '../auth/refresh-token.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Database, Transaction } from './database.ts';
import { publicColumns } from './users.ts';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly refreshTokenHash: RefreshTokenHash;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const sessionColumns = 'id, user_id, refresh_token_hash, user_agent, ip_address, created_at, last_used_at, expires_at';
const sessionValues = (userId: string) =>
  `$1::uuid, ${userId}, $3::bytea, $4::text, $5::text, $6::timestamptz, $6::timestamptz, $7::timestamptz`;
const toParameters = (session: NewSession): unknown[] => {
  const { id, userId, refreshTokenHash, userAgent, ipAddress, createdAt, expiresAt } = session;
  return [id, userId, refreshTokenHash, userAgent, ipAddress, createdAt, expiresAt];
};

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await sqlOver(tx).query(
    `INSERT INTO sessions (${sessionColumns}) VALUES (${sessionValues('$2::uuid')})`,
    toParameters(session),
  );
}

/**
 * Writes a session if its user is active and still has the password hash, and returns the user. It locks the account first: a concurrent
 * change of the password, which ends sessions, comes before or after.
 */
export async function insertSessionByPassword(
  { client }: Database,
  session: NewSession,
  passwordHash: string,
): Promise<User | null> {
  const [user = null] = await sqlOver(client).query<User>(
    `WITH account AS MATERIALIZED (
       SELECT ${publicColumns} FROM users AS u
       WHERE u.id = $2::uuid AND u.active AND u.password_hash = $8 FOR NO KEY UPDATE
     ), opened AS (INSERT INTO sessions (${sessionColumns}) SELECT ${sessionValues('account.id')} FROM account)
     SELECT * FROM account`,
    [...toParameters(session), passwordHash],
  );
  return user;
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
