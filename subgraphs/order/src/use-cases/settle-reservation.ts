import { appendToOutbox } from '@shop/messaging';
import { sqlOver } from '@shop/service';
import type { Transaction } from '../db/database.ts';
import { lockOrder, updateOrder } from '../db/orders.ts';
import { applyChange } from '../domain/order.ts';
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
  const change = { type, reason, actorId: null, at };
  const settled = order && applyChange(order, change);
  if (!settled) return;
  await updateOrder(tx, settled, { from: order.status, change });
  await appendToOutbox(sqlOver(tx), [orderWasUpdated(settled, order.status)]);
}
