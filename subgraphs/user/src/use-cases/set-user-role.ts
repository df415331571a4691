import type { Role } from '../domain/role.ts';
import { changeAccess, type ChangeAccessOutcome } from './change-access.ts';
import type { Dependencies } from './dependencies.ts';

/** Gives an account another role, and revokes its sessions. The last active administrator keeps theirs. */
export function setUserRole(
  dependencies: Pick<Dependencies, 'database' | 'now'>,
  { userId, role }: { userId: string; role: Role },
): Promise<ChangeAccessOutcome> {
  return changeAccess(dependencies, userId, 'role', { role });
}
