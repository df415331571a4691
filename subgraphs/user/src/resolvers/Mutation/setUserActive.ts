import { setUserActive as setUserActiveUseCase } from '../../use-cases/change-access.ts';
import { describeAccessChange } from '../access-change.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const setUserActive: MutationResolvers['setUserActive'] = async (_root, { input }, context) =>
  describeAccessChange(
    'SetUserActiveSuccess',
    input,
    context,
    await setUserActiveUseCase(context, input, requireSignedIn(context)),
  );
