import { userError } from '@shop/service';
import type { Context } from '../../context.ts';
import { deleteProduct as deleteProductUseCase } from '../../use-cases/delete-product.ts';

export async function deleteProduct(_root: unknown, { input: { id } }: { input: { id: string } }, context: Context) {
  const product = await deleteProductUseCase(context, id);
  return product
    ? { __typename: 'DeleteProductSuccess', product }
    : userError('NotFound', 'There is no such product.', { id });
}
