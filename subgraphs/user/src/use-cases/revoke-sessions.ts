import { isUuid } from '@shop/subgraph';
import { revokeSession as revokeOne, revokeSessions } from '../db/sessions.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

/** Revokes one of the caller's sessions. Returns false when the caller has no such active session. */
export async function revokeSession(
  { database, now }: Dependencies,
  { sessionId }: { sessionId: string },
  { userId }: SignedIn,
): Promise<boolean> {
  if (!isUuid(sessionId)) return false;
  return database.transact((tx) => revokeOne(tx, { id: sessionId, userId, at: now() }));
}

/** Revokes all sessions of the caller. Returns how many. */
export function revokeAllSessions({ database, now }: Dependencies, { userId }: SignedIn): Promise<number> {
  return database.transact((tx) => revokeSessions(tx, { userId, at: now() }));
}
