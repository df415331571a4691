import { invalidInput, userError } from '@shop/subgraph';
import { deleteCategory as deleteCategoryUseCase } from '../../use-cases/delete-category.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const deleteCategory: MutationResolvers['deleteCategory'] = async (_root, { input }, context) => {
  const outcome = await deleteCategoryUseCase(context, input);
  switch (outcome.kind) {
    case 'deleted': {
      const { category, movedProducts } = outcome;
      return { __typename: 'DeleteCategorySuccess', category, movedProducts };
    }
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.id });
    case 'target-not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.slug });
    case 'not-empty': {
      const { products, children } = outcome;
      return userError('CategoryNotEmpty', 'The category still has products or categories below it.', {
        products,
        children,
      });
    }
    case 'version-conflict':
      return userError('VersionConflict', 'The category was changed since; read it again.', {
        currentVersion: outcome.currentVersion,
      });
    default:
      return outcome satisfies never;
  }
};
