import { orderCancelled, orderCreated, orderUpdated, type OrderChange } from '@shop/contracts';
import { onBatch, type ReceivedEvent } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import { commitStock } from '../use-cases/commit-stock.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { releaseStock } from '../use-cases/release-stock.ts';
import { reserveStock } from '../use-cases/reserve-stock.ts';

type Events = readonly ReceivedEvent<OrderChange>[];

const listOrders = (events: Events) => events.map(({ data }) => data);
const listIds = (events: Events, status?: OrderChange['status']) =>
  listOrders(events)
    .filter((order) => status === undefined || order.status === status)
    .map(({ orderId }) => orderId);

/** The table from events of other services to use-cases. */
export const createHandlers = ({ now }: Pick<Dependencies, 'now'>) => [
  onBatch(orderCreated, (events, tx: Transaction) => reserveStock(tx, listOrders(events), now())),
  onBatch(orderCancelled, (events, tx: Transaction) => releaseStock(tx, listIds(events), now())),
  onBatch(
    orderUpdated,
    async (events, tx: Transaction) => {
      await releaseStock(tx, listIds(events, 'EXPIRED'), now());
      await commitStock(tx, listIds(events, 'SHIPPED'), now());
    },
    { relevant: ({ status }) => status === 'EXPIRED' || status === 'SHIPPED' },
  ),
];
