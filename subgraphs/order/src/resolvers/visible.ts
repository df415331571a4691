import { hasScope } from '@shop/access';
import { isUuid } from '@shop/subgraph';
import type { Context } from '../context.ts';
import { isPlacedBy, type Order } from '../domain/order.ts';

/** Loads an order if the viewer may see it: their own, or any for callers with order:read. */
export async function loadVisibleOrder(id: string, { viewer, orders }: Context): Promise<Order | null> {
  const order = isUuid(id) ? await orders.load(id.toLowerCase()) : null;
  return order && (isPlacedBy(order, viewer.userId) || hasScope(viewer, 'order:read')) ? order : null;
}
