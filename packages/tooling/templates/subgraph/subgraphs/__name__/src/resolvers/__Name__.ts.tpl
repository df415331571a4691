import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { __Name__Resolvers } from './schema-types.ts';

export const __Name__ = {
  __resolveReference: ({ id }, { __names__ }) => (isUuid(id) ? __names__.load(id.toLowerCase()) : null),
  product: ({ productId }) => ({ id: productId }),
  author: ({ authorId }) => (authorId === null ? null : { id: authorId }),
} satisfies CompleteFields<__Name__Resolvers>;
