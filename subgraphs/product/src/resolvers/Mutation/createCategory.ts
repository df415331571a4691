import { invalidInput, userError } from '@shop/subgraph';
import { createCategory as createCategoryUseCase } from '../../use-cases/create-category.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const createCategory: MutationResolvers['createCategory'] = async (_root, { input }, context) => {
  const outcome = await createCategoryUseCase(context, input);
  switch (outcome.kind) {
    case 'created':
      return { __typename: 'CreateCategorySuccess', category: outcome.category };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'parent-not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.slug });
    case 'slug-taken':
      return userError('SlugTaken', 'Another category has this slug.', { slug: outcome.slug });
    default:
      return outcome satisfies never;
  }
};
