import { inventoryReleased } from '@shop/contracts';
import type { Transaction } from '../db/database.ts';
import { holdReservations, leaveTombstones } from '../db/reservations.ts';
import { release } from '../domain/stock.ts';
import { closeReservations } from './close-reservations.ts';

/** Releases the stock of orders. An order without a reservation gets a tombstone, which refuses a late reservation. */
export async function releaseStock(tx: Transaction, orderIds: readonly string[], at: Date): Promise<void> {
  if (orderIds.length === 0) return;
  await leaveTombstones(tx, orderIds, at);
  // A separate statement: after waiting, it must see a reservation that was committed in the meantime.
  const { held, stocks } = await holdReservations(tx, orderIds);
  const open = held.filter(({ status }) => status === 'RESERVED');
  await closeReservations(tx, { open, stocks, status: 'RELEASED', move: release, event: inventoryReleased, at });
}
