import { orderCancelled, orderCreated } from '@shop/contracts';
import { on } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { releaseStock } from '../use-cases/release-stock.ts';
import { reserveStock } from '../use-cases/reserve-stock.ts';

/** What the product subgraph does with the order subgraph's events. */
export const orderHandlers = [
  on(orderCreated, (event, tx: Transaction) => reserveStock(tx, event.data, new Date())),
  on(orderCancelled, (event, tx: Transaction) => releaseStock(tx, event.data, new Date())),
];
