import { isUuid, type PageArguments } from '@shop/service';
import type { Context } from '../context.ts';
import { listOrders } from '../use-cases/list-orders.ts';

export const User = {
  __resolveReference: ({ id }: { id: string }) => (isUuid(id) ? { id } : null),
  orders: ({ id }: { id: string }, args: PageArguments, context: Context) => listOrders(context, id, args, context.viewer),
};
