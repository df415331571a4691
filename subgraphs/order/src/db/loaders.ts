import DataLoader from 'dataloader';
import { groupByParent, sqlOver } from '@shop/subgraph';
import type { Order, OrderLine } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import type { Database } from './database.ts';
import type { OrderEvent } from './generated/client.ts';
import { plainOrderColumns } from './order-rows.ts';
import { loadPayments } from './payments.ts';

export type { OrderEvent };

export function createOrderLoader({ client }: Database) {
  return new DataLoader<string, Order | null>(async (ids) => {
    const rows = await sqlOver(client).query<Order>(
      `SELECT ${plainOrderColumns} FROM every_order o WHERE o.id = ANY($1::uuid[])`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function createLineLoader({ client }: Database) {
  return new DataLoader<string, OrderLine[]>(async (orderIds) => {
    const rows = await sqlOver(client).query<OrderLine & { orderId: string }>(
      `SELECT id::text, order_id::text AS "orderId", product_id::text AS "productId", sku, name,
              unit_price_minor::float8 AS "unitPriceMinor", quantity
         FROM every_order_item WHERE order_id = ANY($1::uuid[]) ORDER BY position`,
      [orderIds],
    );
    return listByOrder(orderIds, rows);
  });
}

export function createHistoryLoader({ client }: Database) {
  return new DataLoader<string, OrderEvent[]>(async (orderIds) => {
    const rows = await sqlOver(client).query<OrderEvent>(
      `SELECT id::text, order_id::text AS "orderId", sequence, type, from_status::text AS "fromStatus", to_status::text AS "toStatus",
              reason, actor_id::text AS "actorId", details, at
         FROM every_order_event WHERE order_id = ANY($1::uuid[]) ORDER BY sequence`,
      [orderIds],
    );
    return listByOrder(orderIds, rows);
  });
}

export function createPaymentLoader({ client }: Database) {
  return new DataLoader<string, Payment[]>(async (orderIds) =>
    listByOrder(orderIds, await loadPayments(client, orderIds)),
  );
}

function listByOrder<Row extends { orderId: string }>(orderIds: readonly string[], rows: readonly Row[]): Row[][] {
  const byOrder = groupByParent(orderIds, rows, ({ orderId }) => orderId);
  return orderIds.map((id) => byOrder.get(id) ?? []);
}
