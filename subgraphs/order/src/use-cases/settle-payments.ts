import { claimDuePayments } from '../db/payments.ts';
import type { Payment } from '../domain/payment.ts';
import { isProviderFailure } from '../payments/provider.ts';
import { carryOutRefunds } from './carry-out-refunds.ts';
import type { Dependencies } from './dependencies.ts';
import { recordPayment, type RecordedPayment } from './record-payment.ts';

type Needs = Pick<Dependencies, 'database' | 'now' | 'payments'>;

/**
 * Settles an attempt by looking up its charge. Returns null while the outcome is unknown.
 * A missing charge is final only after the attempt's time limit, since then the provider refuses to charge.
 */
export async function settleByLookUp(dependencies: Needs, payment: Payment): Promise<RecordedPayment | null> {
  const charge = await dependencies.payments.findCharge(payment.id);
  if (charge === null && !payment.isOver) return null;
  const { chargeUntil } = payment;
  const recorded = await recordPayment(
    dependencies,
    payment,
    charge ?? { kind: 'not-charged', chargeUntil, reason: 'The provider was not reached in time.' },
  );
  await carryOutRefunds(dependencies, recorded.refunds);
  return recorded;
}

const BATCH = 5;

/** Settles due attempts whose answer was lost or whose process died. Returns whether there may be more. */
export async function settleDuePayments(dependencies: Needs): Promise<boolean> {
  const payments = await claimDuePayments(dependencies.database.client, BATCH);
  const results = await Promise.allSettled(payments.map((payment) => settleByLookUp(dependencies, payment)));
  for (const result of results)
    if (result.status === 'rejected' && !isProviderFailure(result.reason)) throw result.reason;
  return payments.length === BATCH;
}
