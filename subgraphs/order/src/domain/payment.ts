import type { Order } from './order.ts';
import { nextStatus } from './order-status.ts';

export type PaymentStatus = 'PENDING' | 'FAILED' | 'SUCCEEDED' | 'DECLINED' | 'REFUNDED' | 'PARTIALLY_REFUNDED';

/** An attempt to pay an order. Amounts are in the currency's minor unit. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
  /** Fingerprint of the input that came with the idempotency key. */
  readonly fingerprint: string;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly currencyCode: string;
  readonly refundedMinor: number;
  /** What is to be given back and is not yet. */
  readonly refundingMinor: number;
  readonly method: string;
  /** Why it was declined or failed; of a capture, why it does not pay the order. */
  readonly failureReason: string | null;
  /** Who paid; null after that account was deleted. */
  readonly actorId: string | null;
  /** The provider refuses to charge after this. Each new try of the same attempt has another. */
  readonly chargeUntil: Date;
  /** Whether that has passed for good: a charge that is not there by now will never be. */
  readonly isOver: boolean;
  readonly createdAt: Date;
}

/** A client's wish to pay. */
export interface PaymentWish {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

/** What is to be done about a wish to pay. */
export type Admission =
  /** The provider is asked to charge: for a new attempt, or again for this one. */
  | { readonly kind: 'charge'; readonly payment: Payment | null }
  /** First it must become known what came of this attempt. */
  | { readonly kind: 'look-up'; readonly payment: Payment }
  /** The attempt had its outcome before. */
  | { readonly kind: 'known'; readonly payment: Payment }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'not-payable' }
  /** The reservation ran out, and nobody has noticed yet. */
  | { readonly kind: 'run-out' };

/** Decides over a wish to pay. An order has one attempt in flight at most: two cards at once would both be charged. */
export function admitPayment(order: Order, payments: readonly Payment[], wish: PaymentWish, at: Date): Admission {
  const same = payments.find(({ idempotencyKey }) => idempotencyKey === wish.idempotencyKey) ?? null;
  if (same && same.fingerprint !== wish.fingerprint) return { kind: 'idempotency-conflict' };
  if (same && (same.status === 'DECLINED' || isCaptured(same))) return { kind: 'known', payment: same };

  const pending = payments.find(({ status }) => status === 'PENDING') ?? null;
  if (nextStatus(order.status, 'PAID') === null) {
    return pending !== null && pending === same ? { kind: 'look-up', payment: pending } : { kind: 'not-payable' };
  }
  const hasRunOut = order.reservedUntil !== null && order.reservedUntil <= at;
  if (pending !== null && (hasRunOut || pending !== same)) return { kind: 'look-up', payment: pending };
  return hasRunOut ? { kind: 'run-out' } : { kind: 'charge', payment: same };
}

/** What came of an attempt. `not-charged` is the word of one try, told by its `chargeUntil`: where others share the attempt, they may have charged. */
export type PaymentOutcome =
  | { readonly kind: 'captured' }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'not-charged'; readonly chargeUntil: Date; readonly reason: string };

/** An attempt with its outcome, and what that does: the order is paid, or the money goes back at once, or neither. */
export interface Settlement {
  readonly payment: Payment;
  readonly effect: 'pays' | 'goes-back' | 'none';
}

/**
 * The attempt after its outcome became known; null where that says nothing new. The provider's word counts whatever
 * the attempt was taken for: also one that was given up may turn out to be captured.
 */
export function settlePayment(order: Order, payment: Payment, outcome: PaymentOutcome): Settlement | null {
  switch (outcome.kind) {
    case 'captured':
      if (isCaptured(payment)) return null;
      if (nextStatus(order.status, 'PAID') !== null) {
        return { payment: { ...payment, status: 'SUCCEEDED', failureReason: null }, effect: 'pays' };
      }
      return { payment: { ...payment, status: 'SUCCEEDED', failureReason: tooLate(order) }, effect: 'goes-back' };
    case 'declined':
      if (payment.status !== 'PENDING' && payment.status !== 'FAILED') return null;
      return { payment: { ...payment, status: 'DECLINED', failureReason: outcome.reason }, effect: 'none' };
    case 'not-charged':
      if (payment.status !== 'PENDING' || payment.chargeUntil.getTime() !== outcome.chargeUntil.getTime()) return null;
      return { payment: { ...payment, status: 'FAILED', failureReason: outcome.reason }, effect: 'none' };
    default:
      return outcome satisfies never;
  }
}

const tooLate = ({ status }: Order) => `The order was ${status} by the time it was charged; the money is given back.`;

/** Whether the provider has taken the money, whatever was given back since. */
export function isCaptured({ status }: Pick<Payment, 'status'>): boolean {
  return status === 'SUCCEEDED' || status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';
}

/** Whether it is the payment that made its order PAID. */
export function paidTheOrder(payment: Payment): boolean {
  return isCaptured(payment) && payment.failureReason === null;
}
