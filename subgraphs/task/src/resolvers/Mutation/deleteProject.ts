import { deleteProject as deleteProjectUseCase } from '../../use-cases/delete-project.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const deleteProject: MutationResolvers['deleteProject'] = async (_root, { input }, context) => {
  const outcome = await deleteProjectUseCase(context, input.id, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'deleted') return describeRefusal(outcome);
  return { __typename: 'DeleteProjectSuccess', projectId: outcome.projectId };
};
