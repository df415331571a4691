import { invalidInput, userError } from '@shop/subgraph';
import { moveCategory as moveCategoryUseCase } from '../../use-cases/move-category.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const moveCategory: MutationResolvers['moveCategory'] = async (_root, { input }, context) => {
  const outcome = await moveCategoryUseCase(context, input);
  switch (outcome.kind) {
    case 'moved':
      return { __typename: 'MoveCategorySuccess', category: outcome.category };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.id });
    case 'parent-not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.slug });
    case 'version-conflict':
      return userError('VersionConflict', 'The category was changed since; read it again.', {
        currentVersion: outcome.currentVersion,
      });
    default:
      return outcome satisfies never;
  }
};
