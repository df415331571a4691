import { inventoryRejected, inventoryReserved } from '@shop/contracts';
import { newEvent } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { changeReservations } from '../db/reservation-changes.ts';
import { claimReservations } from '../db/reservations.ts';
import {
  balancesAfter,
  decideReservations,
  distinctOrders,
  type DecidedOrder,
  type OrderLines,
} from '../domain/reservation.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';

/**
 * Reserves all lines of an order or none, one order after the other. Orders that were decided before are skipped. It
 * takes two statements for any number of orders.
 */
export async function reserveStock(tx: Transaction, orders: readonly OrderLines[], at: Date): Promise<void> {
  const asked = distinctOrders(orders);
  if (asked.length === 0) return;
  const { held: claimed, stocks } = await claimReservations(tx, asked, at);
  const decided = decideReservations(
    stocks,
    asked.filter(({ orderId }) => claimed.has(orderId)),
  );
  if (decided.length === 0) return;

  const movements = decided.flatMap(({ orderId, decision }) =>
    decision.kind === 'reserved' ? decision.movements.map((movement) => ({ orderId, ...movement })) : [],
  );
  await changeReservations(tx, {
    statuses: decided.flatMap(({ orderId, decision }) =>
      decision.kind === 'rejected' ? [{ orderId, status: 'REJECTED' }] : [],
    ),
    movements,
    events: [...decided.map(wasDecided), ...balancesAfter(movements).map(inventoryWasUpdated)],
    at,
  });
}

function wasDecided({ orderId, lines, decision }: DecidedOrder) {
  if (decision.kind === 'reserved')
    return newEvent(inventoryReserved, { aggregateId: orderId, data: { orderId, lines: [...lines] } });
  const { reason, productIds } = decision;
  return newEvent(inventoryRejected, { aggregateId: orderId, data: { orderId, reason, productIds: [...productIds] } });
}
