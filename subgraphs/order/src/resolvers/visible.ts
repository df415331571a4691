import { hasScope, isUuid } from '@shop/service';
import type { Context } from '../context.ts';
import type { Order } from '../domain/order.ts';

/** An order that the viewer may see: their own, or any for callers with order:read. */
export async function loadVisibleOrder(id: string, { viewer, orders }: Context): Promise<Order | null> {
  const order = isUuid(id) ? await orders.load(id.toLowerCase()) : null;
  return order && (order.customerId === viewer.userId || hasScope(viewer, 'order:read')) ? order : null;
}
