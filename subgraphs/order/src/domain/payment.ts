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
  /** The sum of refunds that are recorded but not made yet. */
  readonly refundingMinor: number;
  readonly method: string;
  /** Why it was declined or failed. For a capture: why it does not pay the order. */
  readonly failureReason: string | null;
  /** Who paid; null after that account was deleted. */
  readonly actorId: string | null;
  /** The provider refuses to charge after this time. Each new try of the attempt has another time limit. */
  readonly chargeUntil: Date;
  /** True when that time has certainly passed: a charge that does not exist by now never will. */
  readonly isOver: boolean;
  readonly createdAt: Date;
}

/** A request to pay an order. */
export interface PaymentWish {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

/** The decision about a request to pay. */
export type Admission =
  /** Ask the provider to charge, for a new attempt or again for this one. */
  | { readonly kind: 'charge'; readonly payment: Payment | null }
  /** Look up the outcome of this attempt first. */
  | { readonly kind: 'look-up'; readonly payment: Payment }
  /** The outcome of the attempt is already known. */
  | { readonly kind: 'known'; readonly payment: Payment }
  | { readonly kind: 'idempotency-conflict' }
  | { readonly kind: 'not-payable' }
  /** The reservation has expired, and the order is not EXPIRED yet. */
  | { readonly kind: 'run-out' };

/**
 * Decides about a request to pay. An order has at most one attempt in progress: two cards at once would both be
 * charged.
 */
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

/**
 * The outcome of an attempt. `not-charged` is the report of one try, identified by its `chargeUntil`: other tries
 * that share the attempt may have charged.
 */
export type PaymentOutcome =
  | { readonly kind: 'captured' }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'not-charged'; readonly chargeUntil: Date; readonly reason: string };

/** An attempt with its outcome and its effect: the order is paid, the money is refunded at once, or neither. */
export interface Settlement {
  readonly payment: Payment;
  readonly effect: 'pays' | 'goes-back' | 'none';
}

/**
 * Settles an attempt with its outcome. Returns null when the outcome is not new.
 * The provider's report always counts: an attempt that was given up may still turn out to be captured.
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

/** Returns whether the money was captured, including payments that were refunded since. */
export function isCaptured({ status }: Pick<Payment, 'status'>): boolean {
  return status === 'SUCCEEDED' || status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';
}

/** Returns whether this payment made its order PAID. */
export function paidTheOrder(payment: Payment): boolean {
  return isCaptured(payment) && payment.failureReason === null;
}
