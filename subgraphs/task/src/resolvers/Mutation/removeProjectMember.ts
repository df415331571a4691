import { removeProjectMember as removeProjectMemberUseCase } from '../../use-cases/remove-project-member.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const removeProjectMember: MutationResolvers['removeProjectMember'] = async (_root, { input }, context) => {
  const outcome = await removeProjectMemberUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'removed') return describeRefusal(outcome);
  return { __typename: 'RemoveProjectMemberSuccess', project: outcome.project };
};
