import { buildConnection, hasScope, isUuid, parsePage, type PageArguments } from '@shop/service';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { countOrders, listOrders } from '../db/orders.ts';

const cursor = z.tuple([z.uuid()]);

export const User = {
  __resolveReference: ({ id }: { id: string }) => (isUuid(id) ? { id } : null),
  orders: async ({ id }: { id: string }, args: PageArguments, { viewer, database }: Context) => {
    if (viewer.userId !== id && !hasScope(viewer, 'order:read')) return null;
    const page = parsePage(args, cursor);
    const rows = await listOrders(database, id, { limit: page.limit + 1, afterId: page.after?.[0] ?? null });
    return { ...buildConnection(rows, page, (order) => [order.id]), totalCount: () => countOrders(database, id) };
  },
};
