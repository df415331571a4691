import type { Transaction } from '../db/database.ts';
import { changeOrders, lockOrder } from '../db/order-changes.ts';
import { applyChange, type OrderChange } from '../domain/order.ts';
import { orderWasUpdated } from '../events/outgoing.ts';

/** What the product subgraph decided about an order's stock. */
export interface ReservationDecision {
  readonly orderId: string;
  readonly type: 'RESERVED' | 'FAILED';
  readonly reason: string | null;
}

/** PENDING becomes RESERVED or FAILED. An order that went on in the meantime, such as a cancelled one, stays as it is. */
export async function settleReservation(
  tx: Transaction,
  { orderId, type, reason }: ReservationDecision,
  at: Date,
): Promise<void> {
  const order = await lockOrder(tx, orderId);
  const cause = { reason, actorId: null, at };
  const change: OrderChange = type === 'FAILED' ? { type, ...cause } : { type, ...cause, reservedUntil: new Date(at.getTime() + 900_000) };
  const settled = order && applyChange(order, change);
  if (!settled) return;
  await changeOrders(tx, [{ order: settled, from: order.status, change }], [orderWasUpdated(settled, order.status)]);
}
