import { sqlOver, uuidv7 } from '@shop/service';
import type { Address, Order, OrderChange, OrderWithLines } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Database, Transaction } from './database.ts';
import type { Order as OrderRow, OrderItem as OrderItemRow } from './generated/client.ts';
import { toLine } from './order-items.ts';

export interface NewOrder {
  readonly order: OrderWithLines;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

export function toOrder(row: OrderRow): Order {
  const { idempotencyKey: _key, fingerprint: _fingerprint, ...order } = row;
  return {
    ...order,
    totalMinor: Number(row.totalMinor),
    shippingAddress: row.shippingAddress as unknown as Address,
    billingAddress: row.billingAddress as unknown as Address,
  };
}

function toOrderWithLines({ items, ...row }: OrderRow & { items: OrderItemRow[] }): OrderWithLines {
  return { ...toOrder(row), lines: items.map(toLine) };
}

/** Writes an order with its lines and first history entry. False, and nothing written, where key or number is taken. */
export async function insertOrder(tx: Transaction, { order, idempotencyKey, fingerprint }: NewOrder): Promise<boolean> {
  const { lines, shippingAddress, billingAddress, ...row } = order;
  const { count } = await tx.order.createMany({
    data: {
      ...row,
      shippingAddress: { ...shippingAddress },
      billingAddress: { ...billingAddress },
      idempotencyKey,
      fingerprint,
    },
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await tx.orderItem.createMany({ data: lines.map((line, position) => ({ ...line, orderId: order.id, position })) });
  await insertHistory(tx, order, null, { type: 'PLACED', reason: null, actorId: order.customerId, at: order.placedAt });
  return true;
}

/** Writes an order's new status and the history entry that explains it. */
export async function updateOrder(
  tx: Transaction,
  order: Order,
  { from, change }: { from: OrderStatus; change: OrderChange },
): Promise<void> {
  const { id, status, statusReason, version, updatedAt } = order;
  await tx.order.update({ where: { id }, data: { status, statusReason, version, updatedAt } });
  await insertHistory(tx, order, from, change);
}

async function insertHistory(
  tx: Transaction,
  order: Order,
  fromStatus: OrderStatus | null,
  change: Omit<OrderChange, 'type'> & { type: OrderChange['type'] | 'PLACED' },
): Promise<void> {
  await tx.orderEvent.create({
    data: { id: uuidv7(), orderId: order.id, sequence: order.version, fromStatus, toStatus: order.status, ...change },
  });
}

/** Locks an order until the transaction ends: of two commands at once, the second sees what the first did. */
export async function lockOrder(tx: Transaction, orderId: string): Promise<OrderWithLines | null> {
  await sqlOver(tx).query('SELECT id FROM orders WHERE id = $1::uuid FOR UPDATE', [orderId]);
  const row = await tx.order.findUnique({
    where: { id: orderId },
    include: { items: { orderBy: { position: 'asc' } } },
  });
  return row && toOrderWithLines(row);
}

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
