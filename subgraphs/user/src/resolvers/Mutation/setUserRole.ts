import { setUserRole as setUserRoleUseCase } from '../../use-cases/change-access.ts';
import { describeAccessChange } from '../access-change.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const setUserRole: MutationResolvers['setUserRole'] = async (_root, { input }, context) =>
  describeAccessChange(
    'SetUserRoleSuccess',
    input,
    context,
    await setUserRoleUseCase(context, input, requireSignedIn(context)),
  );
