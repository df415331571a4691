import type { Transaction } from '../db/database.ts';
import { changeOrders, lockOrders, type ChangedOrder } from '../db/order-changes.ts';
import { decideReservation, type ReservationDecision } from '../domain/reservation.ts';
import { orderWasUpdated } from '../events/outgoing.ts';

/** Moves PENDING orders to RESERVED or FAILED in two statements. Orders that are no longer PENDING stay as they are. */
export async function settleReservations(
  tx: Transaction,
  decisions: readonly ReservationDecision[],
  { at, reservationSeconds }: { at: Date; reservationSeconds: number },
): Promise<void> {
  const orders = await lockOrders(
    tx,
    decisions.map(({ orderId }) => orderId),
  );
  const changed: ChangedOrder[] = [];
  for (const decision of decisions) {
    const order = orders.get(decision.orderId);
    const step = order && decideReservation(order, decision, { at, reservationSeconds });
    if (!step) continue;
    // The next decision about the same order builds on this one.
    orders.set(decision.orderId, step.order);
    changed.push(step);
  }
  await changeOrders(
    tx,
    changed,
    changed.map(({ order, from }) => orderWasUpdated(order, from)),
  );
}
