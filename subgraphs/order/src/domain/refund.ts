import { isCaptured, type Payment } from './payment.ts';

/** A refund. Amounts are in the payment's currency, in its minor unit. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly reason: string | null;
}

/** The part of a payment to refund. */
export interface RefundPart {
  readonly payment: Payment;
  readonly amountMinor: number;
}

export type RefundDecision =
  | { readonly kind: 'refund'; readonly part: RefundPart }
  | { readonly kind: 'too-large'; readonly refundableMinor: number };

/** Computes what can still be refunded. Refunds that are not made yet are already subtracted. */
export function computeRefundable(payment: Payment): number {
  return isCaptured(payment) ? payment.amountMinor - payment.refundedMinor - payment.refundingMinor : 0;
}

/**
 * Decides about a refund of this amount, or of everything that is left. At most one payment of an order has something
 * left.
 */
export function decideRefund(payments: readonly Payment[], amountMinor: number | null): RefundDecision {
  const [part] = everythingLeft(payments);
  const wished = amountMinor ?? part?.amountMinor ?? 0;
  if (part === undefined || wished > part.amountMinor)
    return { kind: 'too-large', refundableMinor: part?.amountMinor ?? 0 };
  return { kind: 'refund', part: { payment: part.payment, amountMinor: wished } };
}

/** Lists everything that can still be refunded of an order's payments. */
export function everythingLeft(payments: readonly Payment[]): RefundPart[] {
  return payments
    .map((payment) => ({ payment, amountMinor: computeRefundable(payment) }))
    .filter(({ amountMinor }) => amountMinor > 0);
}

/** Returns the payment after a refund of this part is recorded. */
export function addPendingRefund({ payment, amountMinor }: RefundPart): Payment {
  return { ...payment, refundingMinor: payment.refundingMinor + amountMinor };
}

/** Returns the payment after the recorded refund of this part is made. */
export function addMadeRefund({ payment, amountMinor }: RefundPart): Payment {
  const refundedMinor = payment.refundedMinor + amountMinor;
  return {
    ...payment,
    refundedMinor,
    refundingMinor: payment.refundingMinor - amountMinor,
    status: refundedMinor === payment.amountMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
  };
}
