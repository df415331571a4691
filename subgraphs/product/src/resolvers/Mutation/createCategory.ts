import { invalidInput, userError } from '@shop/service';
import type { Context } from '../../context.ts';
import { createCategory as createCategoryUseCase } from '../../use-cases/create-category.ts';

export async function createCategory(_root: unknown, { input }: { input: unknown }, context: Context) {
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
}
