import { deleteTask as deleteTaskUseCase } from '../../use-cases/delete-task.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const deleteTask: MutationResolvers['deleteTask'] = async (_root, { input }, context) => {
  const outcome = await deleteTaskUseCase(context, input.id, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'deleted') return describeRefusal(outcome);
  return { __typename: 'DeleteTaskSuccess', taskId: outcome.taskId };
};
