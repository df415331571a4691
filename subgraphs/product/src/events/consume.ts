import { orderCancelled, orderCreated, orderUpdated, type OrderChange } from '@shop/contracts';
import { onBatch, type ReceivedEvent } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { commitStock } from '../use-cases/commit-stock.ts';
import { releaseStock } from '../use-cases/release-stock.ts';
import { reserveStock } from '../use-cases/reserve-stock.ts';

type Events = readonly ReceivedEvent<OrderChange>[];

const ordersOf = (events: Events) => events.map(({ data }) => data);
const idsOf = (events: Events, status?: OrderChange['status']) =>
  ordersOf(events)
    .filter((order) => status === undefined || order.status === status)
    .map(({ orderId }) => orderId);

/** What the product subgraph does with the order subgraph's events. */
export const orderHandlers = [
  onBatch(orderCreated, (events, tx: Transaction) => reserveStock(tx, ordersOf(events), new Date())),
  onBatch(orderCancelled, (events, tx: Transaction) => releaseStock(tx, idsOf(events), new Date())),
  onBatch(
    orderUpdated,
    async (events, tx: Transaction) => {
      await releaseStock(tx, idsOf(events, 'EXPIRED'), new Date());
      await commitStock(tx, idsOf(events, 'SHIPPED'), new Date());
    },
    { relevant: ({ status }) => status === 'EXPIRED' || status === 'SHIPPED' },
  ),
];
