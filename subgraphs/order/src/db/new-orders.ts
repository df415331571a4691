import { insertIntoOutbox, outboxRows, type OutboxEvent } from '@shop/messaging';
import { sqlOver, uuidv7, type RawSqlClient } from '@shop/subgraph';
import type { OrderLimits, ReachedLimit } from '../domain/order-limits.ts';
import type { OrderWithLines } from '../domain/order.ts';

/** A new order with everything that is stored with it. */
export interface NewOrder {
  readonly order: OrderWithLines;
  readonly customerId: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  readonly event: OutboxEvent;
}

/**
 * The result for a new order. `taken`: the idempotency key or the order number is already in use, and nothing was
 * written. `no-account`: the account was deleted. A limit: nothing was written, and the key may be in use.
 */
export type Written = 'placed' | 'taken' | 'no-account' | ReachedLimit;

/** The limit of the value in the order's currency, or the one for other currencies. */
const valueLimit = (operator: '->' | '->>') =>
  `$4::jsonb->'reservedValue'${operator}currency_code, $4::jsonb->'reservedValue'${operator}'*'`;

/** The orders that a limit refuses. Each is counted with those of its customer that are open. */
const findReached = `held AS MATERIALIZED (
  SELECT id, open_order_totals(customer_id, currency_code,
    ARRAY(SELECT product_id FROM items_asked WHERE order_id = ordered.id)) AS totals
  FROM (SELECT asked.* FROM asked JOIN account USING (customer_id) WHERE is_open ORDER BY customer_id) AS ordered
), reached AS MATERIALIZED (
  SELECT asked.id, CASE
    WHEN (totals->>'orders')::bigint >= ($4::jsonb->>'openOrders')::bigint
      THEN jsonb_build_object('limit', 'OPEN_ORDERS', 'maximum', $4::jsonb->'openOrders')
    WHEN (totals->>'valueMinor')::numeric + total_minor > coalesce(${valueLimit('->>')})::numeric
      THEN jsonb_build_object('limit', 'RESERVED_VALUE', 'maximum', coalesce(${valueLimit('->')}), 'currencyCode', currency_code)
    ELSE (
      SELECT jsonb_build_object('limit', 'UNITS_OF_PRODUCT', 'maximum', $4::jsonb->'unitsOfProduct', 'productId', product_id)
      FROM items_asked WHERE order_id = asked.id
        AND quantity + coalesce((totals->'units'->>product_id::text)::bigint, 0) > ($4::jsonb->>'unitsOfProduct')::bigint
      ORDER BY position LIMIT 1)
    END AS reached
  FROM asked JOIN held USING (id)
)`;

/** Without limits, nothing is counted. */
const findNone = `reached AS (SELECT NULL::uuid AS id, NULL::jsonb AS reached WHERE false)`;

/**
 * The keys of a batch are sorted, so that two batches with the same keys lock them in the same order. There are two statements, with
 * limits and without: if a value decided whether anything is counted, PostgreSQL would plan anew for each value, which takes longer than
 * to insert ten orders.
 */
const createInsert = (reached: string): string => `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS o(
    id uuid, event_id uuid, number text, customer_id uuid, currency_code text, total_minor bigint,
    shipping_address jsonb, billing_address jsonb, idempotency_key text, fingerprint text, at timestamptz)
), items_asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS i(
    id uuid, order_id uuid, position int, product_id uuid, sku text, name text, unit_price_minor bigint, quantity int)
), account AS MATERIALIZED (
  SELECT customer_id, account_is_open(customer_id) AS is_open
    FROM (SELECT DISTINCT customer_id FROM asked ORDER BY customer_id) AS customer
), ${reached}, placed AS (
  INSERT INTO orders (id, number, customer_id, status, currency_code, total_minor, shipping_address, billing_address,
    idempotency_key, fingerprint, version, placed_at, updated_at)
  SELECT id, number, customer_id, 'PENDING', currency_code, total_minor, shipping_address, billing_address,
    idempotency_key, fingerprint, 1, at, at
  FROM asked JOIN account USING (customer_id) LEFT JOIN reached USING (id)
  WHERE is_open AND reached IS NULL
    AND NOT EXISTS (SELECT FROM archived_order_keys k WHERE k.number = asked.number)
    AND NOT EXISTS (SELECT FROM archived_order_keys k
      WHERE k.customer_id = asked.customer_id AND k.idempotency_key = asked.idempotency_key)
  ORDER BY customer_id, idempotency_key
  ON CONFLICT DO NOTHING RETURNING id
), items AS (
  INSERT INTO order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
  SELECT i.id, i.order_id, i.position, i.product_id, i.sku, i.name, i.unit_price_minor, i.quantity
  FROM items_asked AS i JOIN placed ON placed.id = i.order_id
), history AS (
  INSERT INTO order_events (id, order_id, sequence, type, to_status, actor_id, at)
  SELECT event_id, id, 1, 'PLACED', 'PENDING', customer_id, at FROM asked JOIN placed USING (id)
), events AS (
  ${insertIntoOutbox('$3', 'aggregate_id IN (SELECT id::text FROM placed)')}
)
SELECT asked.id::text, CASE
    WHEN placed.id IS NOT NULL THEN to_jsonb('placed'::text)
    WHEN NOT is_open THEN to_jsonb('no-account'::text)
    ELSE coalesce(reached, to_jsonb('taken'::text)) END AS written
FROM asked JOIN account USING (customer_id) LEFT JOIN placed ON placed.id = asked.id
  LEFT JOIN reached ON reached.id = asked.id`;

const insertWithLimits = createInsert(findReached);
const insertWithoutLimits = createInsert(findNone);

/**
 * Inserts orders with their lines, first history entries and events in one statement. Returns the result for each
 * order by id.
 *
 * @param limits what the unpaid orders of a customer may hold. Then no two of the orders may be of one customer: the statement
 * counts only those that were there before. Null is no limit.
 */
export async function insertOrders(
  client: RawSqlClient,
  orders: readonly NewOrder[],
  limits: OrderLimits | null,
): Promise<Map<string, Written>> {
  const rows = orders.map(({ order, customerId, idempotencyKey, fingerprint }) => ({
    id: order.id,
    event_id: uuidv7(),
    number: order.number,
    customer_id: customerId,
    currency_code: order.currencyCode,
    total_minor: order.totalMinor,
    shipping_address: order.shippingAddress,
    billing_address: order.billingAddress,
    idempotency_key: idempotencyKey,
    fingerprint,
    at: order.placedAt,
  }));
  const items = orders.flatMap(({ order }) =>
    order.lines.map((line, position) => ({
      id: line.id,
      order_id: order.id,
      position,
      product_id: line.productId,
      sku: line.sku,
      name: line.name,
      unit_price_minor: line.unitPriceMinor,
      quantity: line.quantity,
    })),
  );
  const events = orders.map(({ event }) => event);
  const values = [JSON.stringify(rows), JSON.stringify(items), outboxRows(events)];
  const sql = sqlOver(client);
  const written = await (limits === null
    ? sql.query<{ id: string; written: Written }>(insertWithoutLimits, values)
    : sql.query<{ id: string; written: Written }>(insertWithLimits, [...values, JSON.stringify(limits)]));
  return new Map(written.map((row) => [row.id, row.written]));
}
