import { appendToOutbox } from '@shop/messaging';
import { accessToken } from '@shop/process';
import { sqlOver } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { listSessionsUsedSince, type SessionChoice } from '../db/sessions.ts';
import { sessionsWereRevoked } from '../events/outgoing.ts';

/** The most sessions of one event. */
const MAX_SESSIONS = 1_000;
/** How far back a session's last use may lie so that its access token may still be valid, also when clocks differ. */
const TOKEN_LIFETIME_MS = (accessToken.ttlSeconds + accessToken.clockToleranceSeconds) * 1000;

/**
 * Tells the gateway to refuse the access tokens of sessions that were ended from outside: by an administrator, by another session,
 * by a new password, or because a refresh token was copied. A client that signs itself out discards its own access token.
 */
export async function announceEndedSessions(
  tx: Transaction,
  { at, ...choice }: SessionChoice & { at: Date },
): Promise<void> {
  const ids = await listSessionsUsedSince(tx, choice, new Date(at.getTime() - TOKEN_LIFETIME_MS));
  for (let start = 0; start < ids.length; start += MAX_SESSIONS) {
    const part = ids.slice(start, start + MAX_SESSIONS);
    await appendToOutbox(sqlOver(tx), [sessionsWereRevoked(choice.userId, part)]);
  }
}
