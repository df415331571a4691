import { inventoryReleased } from '@shop/contracts';
import { appendToOutbox, newEvent } from '@shop/messaging';
import { sqlOver } from '@shop/service';
import type { Transaction } from '../db/database.ts';
import { claimReservation, loadReservationLines, lockReservation, setReservationStatus } from '../db/reservations.ts';
import { recordMovements } from '../db/stock-movements.ts';
import { lockStocks } from '../db/stocks.ts';
import { inLockOrder } from '../domain/reservation.ts';
import { release, type Stock } from '../domain/stock.ts';
import { inventoryWasUpdated } from '../events/outgoing.ts';

/** Gives back what is reserved for an order. Before its reservation it leaves a tombstone, which refuses the late one. */
export async function releaseStock(tx: Transaction, { orderId }: { orderId: string }, at: Date): Promise<void> {
  if (await claimReservation(tx, orderId, 'RELEASED', at)) return;
  if ((await lockReservation(tx, orderId)) !== 'RESERVED') return;

  const lines = inLockOrder(await loadReservationLines(tx, orderId));
  const stocks = await lockStocks(tx, lines.map(({ productId }) => productId));
  const movements = lines.map(({ productId, quantity }) => release(stocks.get(productId) as Stock, quantity));

  await setReservationStatus(tx, orderId, 'RELEASED', at);
  await recordMovements(tx, movements, { orderId, at });
  await appendToOutbox(sqlOver(tx), [
    newEvent(inventoryReleased, { aggregateId: orderId, data: { orderId, lines } }),
    ...movements.map(({ after }) => inventoryWasUpdated(after)),
  ]);
}
