import type { Transaction } from '../db/database.ts';
import { lockStockWatches, saveStockWatches } from '../db/stock-watches.ts';
import { followStock, type StockReport } from '../domain/stock-watch.ts';

/**
 * Follows the stock of products, no two reports about the same one. A late report changes nothing. The job opens and closes the tasks:
 * an event never waits for another service.
 */
export async function watchStock(
  tx: Transaction,
  reports: readonly StockReport[],
  { threshold, at }: { readonly threshold: number; readonly at: Date },
): Promise<void> {
  const known = await lockStockWatches(
    tx,
    reports.map(({ productId }) => productId),
  );
  const watches = reports.flatMap(({ productId, available, sequence }) => {
    const report = { productId, available, sequence };
    return followStock(known.get(productId) ?? null, report, threshold, at) ?? [];
  });
  await saveStockWatches(tx, watches);
}
