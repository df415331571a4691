import { inventoryRejected, inventoryReserved, type OrderChange } from '@shop/contracts';
import { appendToOutbox, newEvent } from '@shop/messaging';
import { sqlOver } from '@shop/service';
import type { Transaction } from '../db/database.ts';
import { claimReservation, insertReservationLines, setReservationStatus } from '../db/reservations.ts';
import { recordMovements } from '../db/stock-movements.ts';
import { lockStocks } from '../db/stocks.ts';
import { decideReservation, inLockOrder } from '../domain/reservation.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';

/** Reserves every line of an order or none. An order about which something was decided before is left alone. */
export async function reserveStock(tx: Transaction, order: Pick<OrderChange, 'orderId' | 'lines'>, at: Date) {
  const { orderId } = order;
  if (!(await claimReservation(tx, orderId, 'RESERVED', at))) return;

  const lines = inLockOrder(order.lines.map(({ productId, quantity }) => ({ productId, quantity })));
  const stocks = await lockStocks(tx, lines.map(({ productId }) => productId));
  const decision = decideReservation(stocks, lines);

  if (decision.kind === 'rejected') {
    await setReservationStatus(tx, orderId, 'REJECTED', at);
    const { reason, productIds } = decision;
    await appendToOutbox(sqlOver(tx), [
      newEvent(inventoryRejected, { aggregateId: orderId, data: { orderId, reason, productIds: [...productIds] } }),
    ]);
    return;
  }

  await insertReservationLines(tx, orderId, lines);
  await recordMovements(tx, decision.movements, { orderId, at });
  await appendToOutbox(sqlOver(tx), [
    newEvent(inventoryReserved, { aggregateId: orderId, data: { orderId, lines } }),
    ...decision.movements.map(({ after }) => inventoryWasUpdated(after)),
  ]);
}
