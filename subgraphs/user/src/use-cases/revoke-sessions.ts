import { isUuid } from '@shop/subgraph';
import { revokeSessions } from '../db/sessions.ts';
import { announceEndedSessions } from './announce-ended-sessions.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

/** Revokes one of the caller's sessions. Returns false when the caller has no such active session. */
export async function revokeSession(
  dependencies: Dependencies,
  { sessionId }: { sessionId: string },
  viewer: SignedIn,
): Promise<boolean> {
  if (!isUuid(sessionId)) return false;
  return (await endSessions(dependencies, viewer, sessionId.toLowerCase())) > 0;
}

/** Revokes all sessions of the caller. Returns how many. */
export function revokeAllSessions(dependencies: Dependencies, viewer: SignedIn): Promise<number> {
  return endSessions(dependencies, viewer);
}

/** The access token of the caller's own session stays valid until it expires: its client discards it. */
function endSessions({ database, now }: Dependencies, viewer: SignedIn, only?: string): Promise<number> {
  const { userId, sessionId } = viewer;
  const at = now();
  return database.transact(async (tx) => {
    const count = await revokeSessions(tx, { userId, only, at });
    if (count > 0) await announceEndedSessions(tx, { userId, only, except: sessionId, at });
    return count;
  });
}
