import type { Order } from '../domain/order.ts';
import type { Database } from './database.ts';
import { toOrder } from './order-rows.ts';

/** The order that a customer placed with this key, and the fingerprint of the input that came with it. */
export async function loadOrderByKey({ client }: Database, customerId: string, idempotencyKey: string) {
  const row = await client.order.findUnique({
    where: { customerId_idempotencyKey: { customerId, idempotencyKey } },
  });
  return row && { order: toOrder(row), fingerprint: row.fingerprint };
}

/** A customer's orders, newest first: ids grow with time. */
export async function listOrders(
  { client }: Database,
  customerId: string,
  { limit, afterId }: { limit: number; afterId: string | null },
): Promise<Order[]> {
  const rows = await client.order.findMany({
    where: { customerId, ...(afterId === null ? {} : { id: { lt: afterId } }) },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map(toOrder);
}

export function countOrders({ client }: Database, customerId: string): Promise<number> {
  return client.order.count({ where: { customerId } });
}
