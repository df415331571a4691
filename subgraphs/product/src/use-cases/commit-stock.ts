import { inventoryCommitted } from '@shop/contracts';
import type { Transaction } from '../db/database.ts';
import { holdReservations } from '../db/reservations.ts';
import { commit } from '../domain/stock.ts';
import { closeReservations } from './close-reservations.ts';

/**
 * Removes the reserved units of shipped orders from the stock.
 *
 * @throws Error when an order has no open or committed reservation: otherwise its stock would be wrong and nobody would notice
 */
export async function commitStock(tx: Transaction, orderIds: readonly string[], at: Date): Promise<void> {
  if (orderIds.length === 0) return;
  const { held, stocks } = await holdReservations(tx, orderIds);
  const statuses = new Map(held.map(({ orderId, status }) => [orderId, status]));
  for (const orderId of orderIds) {
    const status = statuses.get(orderId.toLowerCase());
    if (status === 'RESERVED' || status === 'COMMITTED') continue;
    throw new Error(
      `order ${orderId} has shipped and nothing is reserved for it: its reservation is ${status ?? 'missing'}`,
    );
  }
  const open = held.filter(({ status }) => status === 'RESERVED');
  await closeReservations(tx, { open, stocks, status: 'COMMITTED', move: commit, event: inventoryCommitted, at });
}
