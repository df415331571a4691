import { invalidInput, userError } from '@shop/subgraph';
import { updateProduct as updateProductUseCase } from '../../use-cases/update-product.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { skuTaken } from '../sku-taken.ts';

export const updateProduct: MutationResolvers['updateProduct'] = async (_root, { input }, context) => {
  const outcome = await updateProductUseCase(context, input);
  switch (outcome.kind) {
    case 'updated':
      return { __typename: 'UpdateProductSuccess', product: outcome.product };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'product-not-found':
      return userError('NotFound', 'There is no such product.', { id: outcome.id });
    case 'category-not-found':
      return userError('NotFound', 'There is no such category.', { id: outcome.slug });
    case 'sku-taken':
      return skuTaken(outcome);
    case 'version-conflict':
      return userError('VersionConflict', 'The product was changed since; read it again.', {
        currentVersion: outcome.currentVersion,
      });
    default:
      return outcome satisfies never;
  }
};
