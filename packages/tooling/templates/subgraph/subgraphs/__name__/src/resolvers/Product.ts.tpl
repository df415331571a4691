import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { ProductResolvers } from './schema-types.ts';

export const Product = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id: id.toLowerCase() } : null),
  __names__: ({ id }, args, { product__Names__ }) => product__Names__.load({ productId: id, args }),
} satisfies CompleteFields<ProductResolvers>;
