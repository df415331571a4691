import { lockPayment } from '../db/payments.ts';
import { claimDueRefunds, completeRefund, isRefundPending } from '../db/refunds.ts';
import { addMadeRefund, type Refund } from '../domain/refund.ts';
import type { Payment } from '../domain/payment.ts';
import { paymentWasRefunded } from '../events/outgoing.ts';
import { isProviderFailure } from '../payments/provider.ts';
import type { Dependencies } from './dependencies.ts';

type Needs = Pick<Dependencies, 'database' | 'now' | 'payments'>;

/**
 * Asks the provider to make recorded refunds. Those that fail are retried by `carryOutDueRefunds`. Repeating a refund
 * changes nothing.
 *
 * @returns the payments whose refunds were made
 */
export async function carryOutRefunds(dependencies: Needs, refunds: readonly Refund[]): Promise<Payment[]> {
  const payments: Payment[] = [];
  for (const refund of refunds) {
    try {
      const payment = await carryOut(dependencies, refund);
      if (payment) payments.push(payment);
    } catch (error) {
      if (!isProviderFailure(error)) throw error;
    }
  }
  return payments;
}

async function carryOut({ database, now, payments }: Needs, refund: Refund): Promise<Payment | null> {
  const { id, paymentId, orderId, amountMinor } = refund;
  const answer = await payments.refund({ key: id, chargeKey: paymentId, amountMinor });
  // Either the provider or our books are wrong. The refund stays PENDING, and the log and the reconciliation report
  // it.
  if (answer.kind === 'refused') return null;
  return database.transact(async (tx) => {
    const { payment } = await lockPayment(tx, orderId, paymentId);
    if (!(await isRefundPending(tx, id))) return payment;
    const refunded = addMadeRefund({ payment, amountMinor });
    await completeRefund(tx, refund, refunded, paymentWasRefunded(refunded, refund), now());
    return refunded;
  });
}

const BATCH = 5;

/**
 * Carries out refunds that are due because the provider was unavailable or a process died. Returns whether there may
 * be more.
 */
export async function carryOutDueRefunds(dependencies: Needs): Promise<boolean> {
  const refunds = await claimDueRefunds(dependencies.database.client, BATCH);
  const results = await Promise.allSettled(refunds.map((refund) => carryOutRefunds(dependencies, [refund])));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return refunds.length === BATCH;
}
