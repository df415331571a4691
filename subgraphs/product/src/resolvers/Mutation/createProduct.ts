import { invalidInput, userError } from '@shop/subgraph';
import { createProduct as createProductUseCase } from '../../use-cases/create-product.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { skuTaken } from '../sku-taken.ts';

export const createProduct: MutationResolvers['createProduct'] = async (_root, { input }, context) => {
  const outcome = await createProductUseCase(context, input, context.viewer.userId);
  switch (outcome.kind) {
    case 'created':
      return { __typename: 'CreateProductSuccess', product: outcome.product };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'category-not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.slug });
    case 'sku-taken':
      return skuTaken(outcome);
    default:
      return outcome satisfies never;
  }
};
