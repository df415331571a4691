import type { Transaction } from '../db/database.ts';
import { lockStockLevels, saveStockLevels } from '../db/stock-levels.ts';
import { decideLevel, type StockReport } from '../domain/stock-level.ts';
import { announce } from './announce.ts';
import type { Dependencies } from './dependencies.ts';

/** A report of stock, and when its event happened. */
export interface EventReport {
  readonly report: StockReport;
  readonly eventTime: Date;
}

/** Follows the stock of products, at most one report each, and tells the staff when it runs low. */
export async function followStock(
  tx: Transaction,
  reports: readonly EventReport[],
  dependencies: Pick<Dependencies, 'now' | 'retentionDays' | 'lowStockThreshold'>,
): Promise<void> {
  const levels = await lockStockLevels(
    tx,
    reports.map(({ report }) => report.productId),
  );
  const decided = reports.flatMap(({ report, eventTime }) => {
    const level = levels.get(report.productId);
    const decision = level && decideLevel(level, report, dependencies.lowStockThreshold);
    return decision ? [{ ...decision, report, eventTime }] : [];
  });
  await saveStockLevels(
    tx,
    decided.map(({ level }) => level),
  );
  await announce(
    tx,
    decided
      .filter(({ isCrossing }) => isCrossing)
      .map(({ report: { productId, available, sequence }, eventTime }) => ({
        announcement: {
          template: 'stock-low' as const,
          about: [productId, sequence],
          content: { product: { productId, available } },
        },
        eventTime,
      })),
    dependencies,
  );
}
