import { isUuid, type PageArguments } from '@shop/service';
import type { Context } from '../context.ts';

export const User = {
  __resolveReference: ({ id }: { id: string }) => (isUuid(id) ? { id } : null),
  orders: ({ id }: { id: string }, args: PageArguments, { orderPages }: Context) => orderPages.load({ customerId: id, args }),
};
