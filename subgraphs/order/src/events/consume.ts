import { inventoryRejected, inventoryReserved, productCreated, productDeleted, productUpdated, userDeleted, type PublicProduct } from '@shop/contracts';
import { on } from '@shop/messaging';
import { saveCatalogueProduct } from '../db/catalogue.ts';
import type { Transaction } from '../db/database.ts';
import { eraseCustomer } from '../use-cases/erase-customer.ts';
import { settleReservation } from '../use-cases/settle-reservation.ts';

const saveProduct = ({ data }: { data: PublicProduct }, tx: Transaction) => saveCatalogueProduct(tx, data, new Date());

/** What the order subgraph does with the product subgraph's events. */
export const productHandlers = [
  on(productCreated, saveProduct),
  on(productUpdated, saveProduct),
  on(productDeleted, saveProduct),
  on(inventoryReserved, ({ data: { orderId } }, tx: Transaction) =>
    settleReservation(tx, { orderId, type: 'RESERVED', reason: null }, new Date()),
  ),
  on(inventoryRejected, ({ data: { orderId, reason } }, tx: Transaction) =>
    settleReservation(tx, { orderId, type: 'FAILED', reason }, new Date()),
  ),
];

/** What the order subgraph does with the user subgraph's events. */
export const userHandlers = [
  on(userDeleted, ({ data: { userId } }, tx: Transaction) => eraseCustomer(tx, userId, new Date())),
];
