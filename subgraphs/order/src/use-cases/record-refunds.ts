import { uuidv7 } from '@shop/subgraph';
import type { Transaction } from '../db/database.ts';
import { insertRefunds } from '../db/refunds.ts';
import type { Payment } from '../domain/payment.ts';
import { everythingLeft, addPendingRefund, type Refund } from '../domain/refund.ts';

/**
 * Records refunds of everything that is left of an order's payments. The caller has locked the order, and calls
 * `carryOutRefunds` after the commit.
 */
export async function recordRefunds(
  tx: Transaction,
  payments: readonly Payment[],
  reason: string,
  at: Date,
): Promise<{ payments: readonly Payment[]; refunds: readonly Refund[] }> {
  const parts = everythingLeft(payments);
  const refunds = parts.map(({ payment, amountMinor }) => ({
    id: uuidv7(),
    paymentId: payment.id,
    orderId: payment.orderId,
    amountMinor,
    reason,
  }));
  await insertRefunds(tx, refunds, null, at);
  return { payments: parts.map(addPendingRefund), refunds };
}
