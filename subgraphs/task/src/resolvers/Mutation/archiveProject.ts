import { archiveProject as archiveProjectUseCase } from '../../use-cases/archive-project.ts';
import { requireCaller } from '../caller.ts';
import { describeRefusal } from '../refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const archiveProject: MutationResolvers['archiveProject'] = async (_root, { input }, context) => {
  const outcome = await archiveProjectUseCase(context, input.id, requireCaller(context));
  context.forgetLoaded();
  if (outcome.kind !== 'archived') return describeRefusal(outcome);
  return { __typename: 'ArchiveProjectSuccess', project: outcome.project };
};
