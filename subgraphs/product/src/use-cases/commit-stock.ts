import { inventoryCommitted } from '@shop/contracts';
import type { Transaction } from '../db/database.ts';
import { holdReservations } from '../db/reservations.ts';
import { commit } from '../domain/stock.ts';
import { closeReservations } from './close-reservations.ts';

/**
 * Takes what is reserved for orders off the stock, since it has left the warehouse.
 *
 * @throws Error where nothing is reserved for one of them: its stock would be wrong from then on, and nobody would know.
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
