import { changeOrders, lockExpired } from '../db/order-changes.ts';
import { decideExpiry } from '../domain/reservation.ts';
import { orderWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const BATCH = 100;

/**
 * Expires up to a hundred orders that were not paid in time, and returns how many. An order with a payment in
 * progress is not expired.
 */
export async function expireOrders({ database, now }: Pick<Dependencies, 'database' | 'now'>): Promise<number> {
  return database.transact(async (tx) => {
    const at = now();
    const expired = (await lockExpired(tx, at, BATCH)).flatMap((order) => decideExpiry(order, at) ?? []);
    await changeOrders(
      tx,
      expired,
      expired.map(({ order, from }) => orderWasUpdated(order, from)),
    );
    return expired.length;
  });
}
