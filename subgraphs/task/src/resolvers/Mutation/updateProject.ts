import { updateProject as updateProjectUseCase } from '../../use-cases/update-project.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const updateProject: MutationResolvers['updateProject'] = async (_root, { input }, context) => {
  const outcome = await updateProjectUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'updated') return describeRefusal(outcome);
  return { __typename: 'UpdateProjectSuccess', project: outcome.project };
};
