import { createTask as createTaskUseCase } from '../../use-cases/create-task.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const createTask: MutationResolvers['createTask'] = async (_root, { input }, context) => {
  const outcome = await createTaskUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'created') return describeRefusal(outcome);
  return { __typename: 'CreateTaskSuccess', task: outcome.task };
};
