import type { Context } from '../../context.ts';
import type { Role } from '../../domain/role.ts';
import { setUserRole as setUserRoleUseCase } from '../../use-cases/set-user-role.ts';
import { accessOutcome } from '../access-outcome.ts';

interface SetUserRoleArgs {
  readonly input: { readonly userId: string; readonly role: Role };
}

export async function setUserRole(_root: unknown, { input }: SetUserRoleArgs, context: Context) {
  const outcome = await setUserRoleUseCase(context, input);
  // What this request read before is old.
  context.users.clear(input.userId.toLowerCase());
  return accessOutcome('SetUserRoleSuccess', input.userId, outcome);
}
