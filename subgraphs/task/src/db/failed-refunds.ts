import { sqlOver } from '@shop/subgraph';
import type { FailedRefund } from '../domain/shop-tasks.ts';
import type { Transaction } from './database.ts';

/** Keeps a failed refund until its task is opened. A repeated report changes nothing. */
export async function insertFailedRefund(tx: Transaction, refund: FailedRefund, at: Date): Promise<void> {
  await tx.failedRefund.createMany({ data: { ...refund, heardAt: at }, skipDuplicates: true });
}

/** Locks failed refunds without a task, the oldest first. Skips those that another process works on. */
export async function lockDueRefunds(tx: Transaction, limit: number): Promise<FailedRefund[]> {
  return sqlOver(tx).query<FailedRefund>(
    `SELECT refund_id AS "refundId", order_id AS "orderId", order_number AS "orderNumber", amount_minor::float8 AS "amountMinor",
       currency_code AS "currencyCode", reason
       FROM failed_refunds WHERE opened_at IS NULL ORDER BY heard_at LIMIT $1::int FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

export async function settleRefund(tx: Transaction, refundId: string, taskId: string, at: Date): Promise<void> {
  await tx.failedRefund.update({ where: { refundId }, data: { taskId, openedAt: at }, select: { refundId: true } });
}
