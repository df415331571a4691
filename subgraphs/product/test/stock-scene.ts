import { sqlOver, uuidv7 } from '@shop/subgraph';
import { startTestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../src/db/database.ts';
import type { OrderLines } from '../src/domain/reservation.ts';
import { createProduct } from '../src/use-cases/create-product.ts';

export interface StockScene {
  readonly url: string;
  readonly database: Database;
  /** Creates a product with this many units on hand. */
  productWith(initialStock: number): Promise<string>;
  stockOf(productId: string): Promise<{ onHand: number; reserved: number; sequence: number }>;
  /** The types of an order's or product's events, oldest first. */
  eventsOf(aggregateId: string): Promise<string[]>;
  statusOf(orderId: string): Promise<string | null>;
  /** Where the numbers of products that are kept differ from the products. */
  wrongCounts(): Promise<unknown[]>;
  /** Opens another connection pool, as another replica would. */
  replica(): Database;
  /** Waits until this many transactions wait for a lock. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

export async function openStockScene(): Promise<StockScene> {
  const server = await startTestDatabase('product');
  const database = openDatabase(server.url);
  const opened = [database];
  return {
    url: server.url,
    database,
    async productWith(initialStock) {
      const input = {
        sku: uuidv7(),
        name: 'A product',
        description: '',
        price: { amount: 100, currencyCode: 'USD' },
        initialStock,
      };
      const outcome = await createProduct({ database, now: () => new Date() }, input, null);
      if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
      return outcome.product.id;
    },
    stockOf: (productId) => database.client.stock.findUniqueOrThrow({ where: { productId } }),
    async eventsOf(aggregateId) {
      const rows = await database.client.outbox.findMany({ where: { aggregateId }, orderBy: { sequence: 'asc' } });
      return rows.map((row) => row.type);
    },
    async statusOf(orderId) {
      return (await database.client.reservation.findUnique({ where: { orderId } }))?.status ?? null;
    },
    wrongCounts: () =>
      sqlOver(database.client).query(
        `SELECT category_id, on_sale, in_stock, sum(change) FROM (
           SELECT category_id, on_sale, in_stock, change FROM product_counts
           UNION ALL SELECT category_id, on_sale, in_stock, -1 FROM products) AS compared
          GROUP BY category_id, on_sale, in_stock HAVING sum(change) <> 0`,
      ),
    replica() {
      const replica = openDatabase(server.url);
      opened.push(replica);
      return replica;
    },
    async waiting() {
      const [row] = await sqlOver(database.client).query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return row!.count;
    },
    async stop() {
      await Promise.all(opened.map((one) => one.close()));
      await server.stop();
    },
  };
}

export function orderOf(...lines: readonly (readonly [productId: string, quantity: number])[]): OrderLines {
  return { orderId: uuidv7(), lines: lines.map(([productId, quantity]) => ({ productId, quantity })) };
}

/** Finds balances that differ from the sum of the ledger, or from the sum of open reservations. There must be none. */
export function differences({ client }: Database): Promise<{ productId: string; what: string }[]> {
  return sqlOver(client).query(`
    WITH chain AS (
      SELECT *, coalesce(lag(sequence) OVER w, 0) + 1 AS next, coalesce(lag(on_hand_after) OVER w, 0) + on_hand_delta AS on_hand,
             coalesce(lag(reserved_after) OVER w, 0) + reserved_delta AS reserved
        FROM stock_movements WINDOW w AS (PARTITION BY product_id ORDER BY sequence)
    ), held AS (
      SELECT product_id, status, sum(quantity)::int AS quantity FROM reservations JOIN reservation_lines USING (order_id) GROUP BY 1, 2
    )
    SELECT product_id::text AS "productId", 'a movement does not follow the one before' AS what
      FROM chain WHERE sequence <> next OR on_hand_after <> on_hand OR reserved_after <> reserved
    UNION ALL
    SELECT s.product_id::text, 'the balances are not those after the last movement'
      FROM stocks s LEFT JOIN stock_movements m ON m.product_id = s.product_id AND m.sequence = s.sequence
     WHERE s.sequence <> (SELECT count(*) FROM stock_movements c WHERE c.product_id = s.product_id)
        OR s.on_hand <> coalesce(m.on_hand_after, 0) OR s.reserved <> coalesce(m.reserved_after, 0)
    UNION ALL
    SELECT product_id::text, 'what is reserved is not what open reservations hold'
      FROM stocks LEFT JOIN held USING (product_id) WHERE held.status IS NOT DISTINCT FROM 'RESERVED' AND reserved <> coalesce(quantity, 0)
    UNION ALL
    SELECT product_id::text, 'something is reserved that nobody holds'
      FROM stocks s WHERE reserved > 0 AND NOT EXISTS (SELECT FROM held h WHERE h.product_id = s.product_id AND h.status = 'RESERVED')
    UNION ALL
    SELECT product_id::text, 'what has left is not what committed reservations held'
      FROM held
      LEFT JOIN (SELECT product_id, -sum(on_hand_delta) AS gone FROM stock_movements
                  WHERE type = 'COMMITTED' GROUP BY 1) c USING (product_id)
     WHERE status = 'COMMITTED' AND quantity IS DISTINCT FROM gone`);
}
