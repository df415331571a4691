import { isUuid } from '@shop/service';
import type { Context } from '../context.ts';
import type { ListOrders } from '../use-cases/list-orders.ts';

export const User = {
  __resolveReference: ({ id }: { id: string }) => (isUuid(id) ? { id } : null),
  orders: ({ id }: { id: string }, args: ListOrders, { orderPages }: Context) =>
    orderPages.load({ customerId: id.toLowerCase(), args }),
};
