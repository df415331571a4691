import { invalidInput, userError } from '@shop/subgraph';
import { updateCategory as updateCategoryUseCase } from '../../use-cases/update-category.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const updateCategory: MutationResolvers['updateCategory'] = async (_root, { input }, context) => {
  const outcome = await updateCategoryUseCase(context, input);
  switch (outcome.kind) {
    case 'updated':
      return { __typename: 'UpdateCategorySuccess', category: outcome.category };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.id });
    case 'slug-taken':
      return userError('SlugTaken', 'Another category has this slug.', { slug: outcome.slug });
    case 'version-conflict':
      return userError('VersionConflict', 'The category was changed since; read it again.', {
        currentVersion: outcome.currentVersion,
      });
    default:
      return outcome satisfies never;
  }
};
