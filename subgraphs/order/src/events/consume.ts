import {
  inventoryRejected,
  inventoryReserved,
  productCreated,
  productDeleted,
  productUpdated,
  userDeleted,
  type PublicProduct,
} from '@shop/contracts';
import { on, onBatch } from '@shop/messaging';
import { saveCatalogueProducts } from '../db/catalogue.ts';
import type { Transaction } from '../db/database.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { eraseCustomer } from '../use-cases/erase-customer.ts';
import { settleReservations } from '../use-cases/settle-reservations.ts';

/** The table from events of other services to use-cases. */
export function createHandlers({
  now,
  reservationSeconds,
}: Pick<Dependencies, 'now'> & { readonly reservationSeconds: number }) {
  const saveProducts = (events: readonly { data: PublicProduct }[], tx: Transaction) =>
    saveCatalogueProducts(
      tx,
      events.map(({ data }) => data),
      now(),
    );
  return [
    onBatch(productCreated, saveProducts),
    onBatch(productUpdated, saveProducts),
    onBatch(productDeleted, saveProducts),
    onBatch(inventoryReserved, (events, tx: Transaction) =>
      settleReservations(
        tx,
        events.map(({ data: { orderId } }) => ({ orderId, type: 'RESERVED', reason: null })),
        { at: now(), reservationSeconds },
      ),
    ),
    onBatch(inventoryRejected, (events, tx: Transaction) =>
      settleReservations(
        tx,
        events.map(({ data: { orderId, reason } }) => ({ orderId, type: 'FAILED', reason })),
        { at: now(), reservationSeconds },
      ),
    ),
    on(userDeleted, ({ data: { userId } }, tx: Transaction) => eraseCustomer(tx, userId, now())),
  ];
}
