import { sqlOver } from '@shop/subgraph';
import type { OrderLines, Reservation } from '../domain/reservation.ts';
import type { Stock } from '../domain/stock.ts';
import type { Transaction } from './database.ts';
import { stocksForUpdate } from './stocks.ts';

/** Rows that are locked until the transaction ends. */
interface Locked<Held> {
  readonly held: Held;
  /** The current balances: locking reads a row as the last transaction committed it. */
  readonly stocks: Map<string, Stock>;
}

/**
 * Batches run one at a time, in all replicas. Two batches over hundreds of orders would sooner or later deadlock over
 * stocks, which PostgreSQL detects only after a second.
 */
const inTurn = '(SELECT pg_advisory_xact_lock(72707371)) IS NOT NULL';

// Counting completes `claimed` before the first stock is locked. Otherwise PostgreSQL would claim last.
const claim = `
WITH claimed AS (
  INSERT INTO reservations (order_id, status, created_at, updated_at)
  SELECT order_id, 'RESERVED', $2::timestamptz, $2::timestamptz FROM unnest($1::uuid[]) AS o(order_id) WHERE ${inTurn} ORDER BY order_id
  ON CONFLICT (order_id) DO NOTHING RETURNING order_id
), locked AS (
  ${stocksForUpdate(`(SELECT count(*) FROM claimed) > 0 AND product_id = ANY($3::uuid[])`)}
)
SELECT (SELECT coalesce(json_agg(order_id), '[]') FROM claimed) AS held,
       (SELECT coalesce(json_agg(locked), '[]') FROM locked) AS stocks`;

/**
 * Inserts the one reservation that each order can have, and locks the stocks of its lines. Returns the orders whose
 * reservation is new, as RESERVED. Other orders were decided before.
 */
export async function claimReservations(
  tx: Transaction,
  orders: readonly OrderLines[],
  at: Date,
): Promise<Locked<Set<string>>> {
  const productIds = new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  const { held, stocks } = await lock<string>(tx, claim, [orders.map(({ orderId }) => orderId), at, [...productIds]]);
  return { held: new Set(held), stocks };
}

/** Inserts tombstones for orders without a reservation, so that a late reservation is refused. */
export async function leaveTombstones(tx: Transaction, orderIds: readonly string[], at: Date): Promise<void> {
  await sqlOver(tx).query(
    `INSERT INTO reservations (order_id, status, created_at, updated_at)
     SELECT order_id, 'RELEASED', $2::timestamptz, $2::timestamptz FROM unnest($1::uuid[]) AS o(order_id) WHERE ${inTurn} ORDER BY order_id
     ON CONFLICT (order_id) DO NOTHING`,
    [orderIds, at],
  );
}

// Lines are written together with their reservation and never change: a transaction that sees the reservation sees
// its lines.
const hold = `
WITH held AS MATERIALIZED (
  SELECT order_id, status FROM reservations WHERE order_id = ANY($1::uuid[]) AND ${inTurn} ORDER BY order_id FOR UPDATE
), line AS MATERIALIZED (
  SELECT order_id, product_id, quantity FROM reservation_lines JOIN held USING (order_id) WHERE held.status = 'RESERVED'
), locked AS (
  ${stocksForUpdate(`product_id = ANY(ARRAY(SELECT DISTINCT product_id FROM line))`)}
)
SELECT (SELECT coalesce(json_agg(json_build_object('orderId', order_id, 'status', status, 'lines', coalesce(lines, '[]'))), '[]')
          FROM held LEFT JOIN (
            SELECT order_id, json_agg(json_build_object('productId', product_id, 'quantity', quantity) ORDER BY product_id) AS lines
              FROM line GROUP BY order_id) AS grouped USING (order_id)) AS held,
       (SELECT coalesce(json_agg(locked), '[]') FROM locked) AS stocks`;

/** Locks the orders' reservations, and the stocks of the open ones. Only open reservations come with their lines. */
export function holdReservations(tx: Transaction, orderIds: readonly string[]): Promise<Locked<Reservation[]>> {
  return lock<Reservation>(tx, hold, [orderIds]);
}

async function lock<Row>(tx: Transaction, statement: string, values: readonly unknown[]): Promise<Locked<Row[]>> {
  const [row] = await sqlOver(tx).query<{ held: Row[]; stocks: Stock[] }>(statement, values);
  const { held, stocks } = row as { held: Row[]; stocks: Stock[] };
  return { held, stocks: new Map(stocks.map((stock) => [stock.productId, stock])) };
}
