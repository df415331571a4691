import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { UserResolvers } from './schema-types.ts';

export const User = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id } : null),
  orders: ({ id }, args, { orderPages }) => orderPages.load({ customerId: id.toLowerCase(), args }),
} satisfies CompleteFields<UserResolvers>;
