import { unauthenticated } from '@shop/access';
import { createProject as createProjectUseCase } from '../../use-cases/create-project.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const createProject: MutationResolvers['createProject'] = async (_root, { input }, context) => {
  const outcome = await createProjectUseCase(context, input, requireCaller(context).userId);
  context.forgetLoaded();
  if (outcome.kind === 'no-account') throw unauthenticated();
  if (outcome.kind !== 'created') return describeRefusal(outcome);
  return { __typename: 'CreateProjectSuccess', project: outcome.project };
};
