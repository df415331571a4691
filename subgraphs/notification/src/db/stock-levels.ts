import { sqlOver } from '@shop/subgraph';
import type { StockLevel } from '../domain/stock-level.ts';
import type { Transaction } from './database.ts';

/** Locks the levels of products, and creates those that are missing. */
export async function lockStockLevels(
  tx: Transaction,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, StockLevel>> {
  const ids = [...new Set(productIds)].sort();
  const lock = () =>
    sqlOver(tx).query<StockLevel>(
      `SELECT product_id::text AS "productId", sequence, is_low AS "isLow" FROM stock_levels
        WHERE product_id = ANY($1::uuid[]) ORDER BY product_id FOR UPDATE`,
      [ids],
    );
  let rows = await lock();
  if (rows.length < ids.length) {
    await sqlOver(tx).query(
      `INSERT INTO stock_levels (product_id, sequence, is_low)
       SELECT id, -1, false FROM unnest($1::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
      [ids],
    );
    rows = await lock();
  }
  return new Map(rows.map((level) => [level.productId, level]));
}

/** Saves levels that are locked. */
export async function saveStockLevels(tx: Transaction, levels: readonly StockLevel[]): Promise<void> {
  if (levels.length === 0) return;
  await sqlOver(tx).query(
    `UPDATE stock_levels SET sequence = l.sequence, is_low = l."isLow"
       FROM jsonb_to_recordset($1::jsonb) AS l("productId" uuid, sequence int, "isLow" boolean) WHERE product_id = l."productId"`,
    [JSON.stringify(levels)],
  );
}
