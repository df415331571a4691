import { setProjectMember as setProjectMemberUseCase } from '../../use-cases/set-project-member.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const setProjectMember: MutationResolvers['setProjectMember'] = async (_root, { input }, context) => {
  const outcome = await setProjectMemberUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'set') return describeRefusal(outcome);
  return { __typename: 'SetProjectMemberSuccess', project: outcome.project };
};
