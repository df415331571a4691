/** A charge to make. */
export interface ChargeRequest {
  /** Unique per charge: the same key never charges twice, and returns the first outcome again. */
  readonly key: string;
  /** In the currency's minor unit. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currencyCode: string;
  /** Identifies the means of payment. It is secret: pass it on, never store it. */
  readonly token: string;
  /** The provider refuses to charge after this time, by its own clock. */
  readonly notAfter: Date;
}

/** A charge that was made, or declined for good. */
export type Charge = { readonly kind: 'captured' } | { readonly kind: 'declined'; readonly reason: string };

export type ChargeAnswer = Charge | { readonly kind: 'too-late' };

export interface RefundRequest {
  /** Unique per refund: the same key never refunds twice. */
  readonly key: string;
  readonly chargeKey: string;
  readonly amountMinor: number;
}

export type RefundAnswer = { readonly kind: 'refunded' } | { readonly kind: 'refused'; readonly reason: string };

/** Charges and refunds money. Each method throws `NotCharged` or `OutcomeUnknown` when there is no answer. */
export interface PaymentProvider {
  /** Returns whether a token has the provider's format. It may still be declined. */
  isToken(token: string): boolean;
  charge(request: ChargeRequest): Promise<ChargeAnswer>;
  refund(request: RefundRequest): Promise<RefundAnswer>;
  /**
   * Finds the charge with this key, or null. Waits for a charge that is in progress, so that null is final after its
   * `notAfter`.
   */
  findCharge(key: string): Promise<Charge | null>;
}

/** The provider could not be reached, and certainly charged nothing. */
export class NotCharged extends Error {
  readonly code = 'PAYMENT_NOT_CHARGED';
}

/** There was no answer: the request may have been carried out or not. */
export class OutcomeUnknown extends Error {
  readonly code = 'PAYMENT_OUTCOME_UNKNOWN';
}

export function isProviderFailure(error: unknown): error is NotCharged | OutcomeUnknown {
  return error instanceof NotCharged || error instanceof OutcomeUnknown;
}
