import { SESSION_LIFETIME_MS } from '../auth/refresh-token.ts';
import { deleteEndedSessions } from '../db/ended-sessions.ts';
import type { Dependencies } from './dependencies.ts';

/** Deletes expired sessions, and rotated tokens that are older than a session can live. */
export function forgetSessions({ database, now }: Pick<Dependencies, 'database' | 'now'>): Promise<number> {
  const at = now();
  return deleteEndedSessions(database, {
    rotatedBefore: new Date(at.getTime() - SESSION_LIFETIME_MS),
    expiredBefore: at,
  });
}
