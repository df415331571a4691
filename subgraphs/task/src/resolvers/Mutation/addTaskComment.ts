import { addTaskComment as addTaskCommentUseCase } from '../../use-cases/add-task-comment.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const addTaskComment: MutationResolvers['addTaskComment'] = async (_root, { input }, context) => {
  const outcome = await addTaskCommentUseCase(context, input, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'added') return describeRefusal(outcome);
  return { __typename: 'AddTaskCommentSuccess', task: outcome.task, comment: outcome.comment };
};
