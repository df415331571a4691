import type { Transaction } from '../db/database.ts';
import { insertFailedRefund } from '../db/failed-refunds.ts';
import type { FailedRefund } from '../domain/shop-tasks.ts';

/** Keeps a failed refund, for which the job opens a task. A repeated report changes nothing. */
export async function reportFailedRefund(tx: Transaction, refund: FailedRefund, at: Date): Promise<void> {
  await insertFailedRefund(tx, refund, at);
}
