import { setUserActive as setUserActiveUseCase } from '../../use-cases/set-user-active.ts';
import { accessOutcome } from '../access-outcome.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const setUserActive: MutationResolvers['setUserActive'] = async (_root, { input }, context) => {
  const outcome = await setUserActiveUseCase(context, input);
  // What this request read before is old.
  context.users.clear(input.userId.toLowerCase());
  return accessOutcome('SetUserActiveSuccess', input.userId, outcome);
};
