import { userError } from '@shop/subgraph';
import { deleteProduct as deleteProductUseCase } from '../../use-cases/delete-product.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const deleteProduct: MutationResolvers['deleteProduct'] = async (_root, { input: { id } }, context) => {
  const product = await deleteProductUseCase(context, id);
  return product
    ? { __typename: 'DeleteProductSuccess', product }
    : userError('NotFound', 'There is no such product.', { id });
};
