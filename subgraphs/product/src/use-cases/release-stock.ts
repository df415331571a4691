import { inventoryReleased } from '@shop/contracts';
import type { Transaction } from '../db/database.ts';
import { holdReservations, leaveTombstones } from '../db/reservations.ts';
import { release } from '../domain/stock.ts';
import { closeReservations } from './close-reservations.ts';

/** Gives back what is reserved for orders. Before its reservation it leaves a tombstone, which refuses the late one. */
export async function releaseStock(tx: Transaction, orderIds: readonly string[], at: Date): Promise<void> {
  if (orderIds.length === 0) return;
  await leaveTombstones(tx, orderIds, at);
  // A statement of its own: it must see a reservation that was committed while this one waited for it.
  const { held, stocks } = await holdReservations(tx, orderIds);
  const open = held.filter(({ status }) => status === 'RESERVED');
  await closeReservations(tx, { open, stocks, status: 'RELEASED', move: release, event: inventoryReleased, at });
}
