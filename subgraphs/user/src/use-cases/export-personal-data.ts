import { appendAudit, isUuid } from '@shop/subgraph';
import { listSessions } from '../db/sessions.ts';
import { loadUser } from '../db/users.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Dependencies, SignedIn } from './dependencies.ts';

/** Finds the account of a person whose data is handed out, and records who asked for it. */
export async function exportPersonalData(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  userId: string,
  caller: SignedIn,
): Promise<User | null> {
  if (!isUuid(userId)) return null;
  return database.transact(async (tx) => {
    const account = await loadUser(tx, userId.toLowerCase());
    if (!account) return null;
    const entry = { actorId: caller.userId, action: 'PERSONAL_DATA_EXPORTED', subjectId: account.id, details: {} };
    await appendAudit(tx, [entry], now());
    return account;
  });
}

/** Lists every session of an account that is kept, newest first. */
export function listAllSessions({ database }: Pick<Dependencies, 'database'>, userId: string): Promise<Session[]> {
  return listSessions(database, userId);
}
