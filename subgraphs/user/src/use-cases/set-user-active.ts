import { changeAccess, type ChangeAccessOutcome } from './change-access.ts';
import type { Dependencies } from './dependencies.ts';

/** Lets an account sign in, or not; its sessions are revoked. The last active administrator stays active. */
export function setUserActive(
  dependencies: Pick<Dependencies, 'database' | 'now'>,
  { userId, active }: { userId: string; active: boolean },
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, userId, 'active', { active });
}
