import { inventoryUpdated, refundFailed, userDeleted } from '@shop/contracts';
import { on, onBatch } from '@shop/messaging';
import type { Transaction } from '../db/database.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { eraseAccount } from '../use-cases/erase-account.ts';
import { reportFailedRefund } from '../use-cases/report-failed-refund.ts';
import { watchStock } from '../use-cases/watch-stock.ts';

/** The table from events of other services to use-cases. Stock and refunds are followed where a project takes their tasks. */
export function createHandlers({ shopTasks, now }: Pick<Dependencies, 'shopTasks' | 'now'>) {
  const relevant = () => shopTasks.projectKey !== null;
  const threshold = shopTasks.lowStockThreshold;
  return [
    on(userDeleted, ({ data: { userId } }, tx: Transaction) => eraseAccount(tx, userId, now())),
    onBatch(
      inventoryUpdated,
      (events, tx: Transaction) =>
        watchStock(
          tx,
          events.map(({ data }) => data),
          { threshold, at: now() },
        ),
      { relevant },
    ),
    on(
      refundFailed,
      ({ data: { refundId, orderId, orderNumber = null, amountMinor, currencyCode, reason } }, tx: Transaction) =>
        reportFailedRefund(tx, { refundId, orderId, orderNumber, amountMinor, currencyCode, reason }, now()),
      { relevant },
    ),
  ];
}
