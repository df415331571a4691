import { appendToOutbox } from '@shop/messaging';
import { sqlOver } from '@shop/subgraph';
import { lockPayment } from '../db/payments.ts';
import { claimDueRefunds, completeRefund, isRefundPending, markRefundReported } from '../db/refunds.ts';
import { addMadeRefund, type Refund } from '../domain/refund.ts';
import type { Payment } from '../domain/payment.ts';
import { paymentWasRefunded, refundHasFailed } from '../events/outgoing.ts';
import { isProviderFailure } from '../payments/provider.ts';
import type { Dependencies } from './dependencies.ts';

type Needs = Pick<Dependencies, 'database' | 'now' | 'payments'>;

/** A refund that waits for longer than this is reported, in milliseconds. It is still retried. */
const reportAfterMs = 15 * 60_000;

/**
 * Asks the provider to make recorded refunds. Those that fail are retried by `carryOutDueRefunds`, and are reported once with an event:
 * when the provider refuses them, or is away for long. Repeating a refund changes nothing.
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
      await reportFailure(dependencies, refund, {
        reason: 'The payment provider cannot be reached.',
        olderThanMs: reportAfterMs,
      });
    }
  }
  return payments;
}

async function carryOut(dependencies: Needs, refund: Refund): Promise<Payment | null> {
  const { database, now, payments } = dependencies;
  const { id, paymentId, orderId, amountMinor } = refund;
  const answer = await payments.refund({ key: id, chargeKey: paymentId, amountMinor });
  if (answer.kind === 'refused') {
    // Either the provider or our books are wrong. The refund stays PENDING, and the log, an event and the reconciliation report it.
    await reportFailure(dependencies, refund, { reason: 'The payment provider refused it.', olderThanMs: 0 });
    return null;
  }
  return database.transact(async (tx) => {
    const { order, payment } = await lockPayment(tx, orderId, paymentId);
    if (!(await isRefundPending(tx, id))) return payment;
    const refunded = addMadeRefund({ payment, amountMinor });
    await completeRefund(tx, refund, refunded, paymentWasRefunded(order, refunded, refund), now());
    return refunded;
  });
}

/** Reports a PENDING refund that has waited for long enough, once. */
async function reportFailure(
  { database, now }: Needs,
  refund: Refund,
  { reason, olderThanMs }: { reason: string; olderThanMs: number },
): Promise<void> {
  const at = now();
  await database.transact(async (tx) => {
    const { order, payment } = await lockPayment(tx, refund.orderId, refund.paymentId);
    if (!(await markRefundReported(tx, refund.id, at, new Date(at.getTime() - olderThanMs)))) return;
    await appendToOutbox(sqlOver(tx), [refundHasFailed(order, payment, refund, reason)]);
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
