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
import { eraseCustomer } from '../use-cases/erase-customer.ts';
import { settleReservations } from '../use-cases/settle-reservations.ts';

const saveProducts = (events: readonly { data: PublicProduct }[], tx: Transaction) =>
  saveCatalogueProducts(
    tx,
    events.map(({ data }) => data),
    new Date(),
  );

/** What the order subgraph does with the product subgraph's events. */
export function createProductHandlers({ reservationSeconds }: { reservationSeconds: number }) {
  return [
    onBatch(productCreated, saveProducts),
    onBatch(productUpdated, saveProducts),
    onBatch(productDeleted, saveProducts),
    onBatch(inventoryReserved, (events, tx: Transaction) =>
      settleReservations(
        tx,
        events.map(({ data: { orderId } }) => ({ orderId, type: 'RESERVED', reason: null })),
        { at: new Date(), reservationSeconds },
      ),
    ),
    onBatch(inventoryRejected, (events, tx: Transaction) =>
      settleReservations(
        tx,
        events.map(({ data: { orderId, reason } }) => ({ orderId, type: 'FAILED', reason })),
        { at: new Date(), reservationSeconds },
      ),
    ),
  ];
}

/** What the order subgraph does with the user subgraph's events. */
export const userHandlers = [
  on(userDeleted, ({ data: { userId } }, tx: Transaction) => eraseCustomer(tx, userId, new Date())),
];
