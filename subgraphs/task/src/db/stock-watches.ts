import { sqlOver } from '@shop/subgraph';
import type { StockWatch } from '../domain/stock-watch.ts';
import type { Database, Transaction } from './database.ts';

/** Locks what is known about the stock of products, by product. */
export async function lockStockWatches(
  tx: Transaction,
  productIds: readonly string[],
): Promise<Map<string, StockWatch>> {
  const rows = await sqlOver(tx).query<StockWatch>(
    `SELECT ${columns} FROM stock_watches w WHERE product_id = ANY($1::uuid[]) ORDER BY product_id FOR UPDATE`,
    [productIds],
  );
  return new Map(rows.map((row) => [row.productId, row]));
}

/** Writes what is known about the stock of products, in one statement. A row that is newer stays: it was inserted meanwhile. */
export async function saveStockWatches(tx: Transaction, watches: readonly StockWatch[]): Promise<void> {
  if (watches.length === 0) return;
  await sqlOver(tx).query(
    `INSERT INTO stock_watches AS w (product_id, available, sequence, state, changed_at)
     SELECT "productId", available, sequence, state, "changedAt" FROM jsonb_to_recordset($1::jsonb)
       AS r("productId" uuid, available int, sequence int, state "StockWatchState", "changedAt" timestamptz)
      ORDER BY "productId"
     ON CONFLICT (product_id) DO UPDATE SET available = excluded.available, sequence = excluded.sequence,
       state = excluded.state, changed_at = excluded.changed_at WHERE w.sequence < excluded.sequence`,
    [JSON.stringify(watches)],
  );
}

/** Lists products that have run low and have no task yet, the longest waiting first. */
export async function listUntold({ client }: Database, limit: number): Promise<string[]> {
  const where = { state: 'LOW_UNTOLD' } as const;
  const rows = await client.stockWatch.findMany({ where, orderBy: { changedAt: 'asc' }, take: limit });
  return rows.map(({ productId }) => productId);
}

/** A product whose task is to be opened or closed. */
export interface DueWatch extends StockWatch {
  readonly taskId: string | null;
}

/** Locks products whose task is to be opened or closed, the longest waiting first. Skips those that another process works on. */
export function lockDueWatches(tx: Transaction, state: 'LOW_UNTOLD' | 'BACK', limit: number): Promise<DueWatch[]> {
  return sqlOver(tx).query<DueWatch>(
    `SELECT ${columns}, task_id AS "taskId" FROM stock_watches w WHERE state = '${state}'
      ORDER BY changed_at LIMIT $1::int FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

/** Ends what was due: `LOW` with the task that was opened, or `STOCKED` without one. */
export async function settleWatch(
  tx: Transaction,
  { productId, state, taskId }: Pick<DueWatch, 'productId' | 'state' | 'taskId'>,
): Promise<void> {
  await tx.stockWatch.update({ where: { productId }, data: { state, taskId }, select: { productId: true } });
}

/** Counts products and refunds whose task has waited since before an instant. */
export async function countDue({ client }: Database, before: Date): Promise<{ products: number; refunds: number }> {
  const products = await client.stockWatch.count({
    where: { state: { in: ['LOW_UNTOLD', 'BACK'] }, changedAt: { lt: before } },
  });
  const refunds = await client.failedRefund.count({ where: { openedAt: null, heardAt: { lt: before } } });
  return { products, refunds };
}

const columns = 'product_id AS "productId", available, sequence, state, changed_at AS "changedAt"';
