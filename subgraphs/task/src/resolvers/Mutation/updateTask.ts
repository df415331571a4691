import { updateTask as updateTaskUseCase } from '../../use-cases/update-task.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const updateTask: MutationResolvers['updateTask'] = async (_root, { input }, context) => {
  const outcome = await updateTaskUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'updated') return describeRefusal(outcome);
  return { __typename: 'UpdateTaskSuccess', task: outcome.task };
};
