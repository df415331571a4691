import { setUserRole as setUserRoleUseCase } from '../../use-cases/set-user-role.ts';
import { accessOutcome } from '../access-outcome.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const setUserRole: MutationResolvers['setUserRole'] = async (_root, { input }, context) => {
  const outcome = await setUserRoleUseCase(context, input);
  // What this request read before is old.
  context.users.clear(input.userId.toLowerCase());
  return accessOutcome('SetUserRoleSuccess', input.userId, outcome);
};
