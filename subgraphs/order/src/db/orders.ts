import { groupByParent, sqlOver, type RawSqlClient } from '@shop/subgraph';
import type { Order, OrderLine, OrderWithLines } from '../domain/order.ts';
import type { OrderEvent } from './generated/client.ts';
import { everyOrderColumns, plainOrderColumns } from './order-rows.ts';

/** Identifies a customer's request to place an order. */
export interface OrderKey {
  readonly customerId: string;
  readonly idempotencyKey: string;
}

export interface OrderByKey {
  readonly order: OrderWithLines;
  /** Fingerprint of the input that was sent with the key. */
  readonly fingerprint: string;
}

/** Loads the order that was placed with each key, or null, in one statement. */
export async function loadOrdersByKeys(
  client: RawSqlClient,
  keys: readonly OrderKey[],
): Promise<(OrderByKey | null)[]> {
  const rows = await sqlOver(client).query<OrderWithLines & { position: number; fingerprint: string }>(
    `SELECT asked.position::int, o.fingerprint, ${everyOrderColumns}
       FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS asked(customer_id, idempotency_key, position)
       CROSS JOIN LATERAL (
         SELECT id FROM orders
          WHERE orders.customer_id = asked.customer_id AND orders.idempotency_key = asked.idempotency_key
         UNION ALL
         SELECT order_id FROM archived_order_keys AS key
          WHERE key.customer_id = asked.customer_id AND key.idempotency_key = asked.idempotency_key) AS found
       JOIN every_order o ON o.id = found.id`,
    [keys.map(({ customerId }) => customerId), keys.map(({ idempotencyKey }) => idempotencyKey)],
  );
  const found = new Map(rows.map(({ position, fingerprint, ...order }) => [position, { order, fingerprint }]));
  return keys.map((_key, index) => found.get(index + 1) ?? null);
}

/** Returns an order for any reader. The caller decides who may see it. */
export async function findOrderById(client: RawSqlClient, orderId: string): Promise<OrderWithLines | null> {
  const rows = await sqlOver(client).query<OrderWithLines>(
    `SELECT ${everyOrderColumns} FROM every_order o WHERE o.id = $1::uuid`,
    [orderId],
  );
  return rows[0] ?? null;
}

/** Loads orders by id. */
export async function loadOrders(client: RawSqlClient, ids: readonly string[]): Promise<Map<string, Order>> {
  const rows = await sqlOver(client).query<Order>(
    `SELECT ${plainOrderColumns} FROM every_order o WHERE o.id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Loads the lines of orders, in their order. */
export async function loadLines(client: RawSqlClient, orderIds: readonly string[]): Promise<Map<string, OrderLine[]>> {
  const rows = await sqlOver(client).query<OrderLine & { orderId: string }>(
    `SELECT id::text, order_id::text AS "orderId", product_id::text AS "productId", sku, name,
            unit_price_minor::float8 AS "unitPriceMinor", quantity
       FROM every_order_item WHERE order_id = ANY($1::uuid[]) ORDER BY position`,
    [orderIds],
  );
  return groupByParent(orderIds, rows, findOrderId);
}

/** Loads the history of orders, oldest first. */
export async function loadHistory(
  client: RawSqlClient,
  orderIds: readonly string[],
): Promise<Map<string, OrderEvent[]>> {
  const rows = await sqlOver(client).query<OrderEvent>(
    `SELECT id::text, order_id::text AS "orderId", sequence, type, from_status::text AS "fromStatus", to_status::text AS "toStatus",
            reason, actor_id::text AS "actorId", details, at
       FROM every_order_event WHERE order_id = ANY($1::uuid[]) ORDER BY sequence`,
    [orderIds],
  );
  return groupByParent(orderIds, rows, findOrderId);
}

function findOrderId({ orderId }: { readonly orderId: string }): string {
  return orderId;
}
