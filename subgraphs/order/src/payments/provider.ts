/** A charge to be made. */
export interface ChargeRequest {
  /** Unique for the charge: the same key never charges twice, and gives the first outcome again. */
  readonly key: string;
  /** In the currency's minor unit. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currencyCode: string;
  /** Stands for the means of payment. A secret: it is passed on and not kept. */
  readonly token: string;
  /** The provider refuses to charge after this, by its own clock. */
  readonly notAfter: Date;
}

/** A charge that was made, or refused for good. */
export type Charge = { readonly kind: 'captured' } | { readonly kind: 'declined'; readonly reason: string };

export type ChargeAnswer = Charge | { readonly kind: 'too-late' };

export interface RefundRequest {
  /** Unique for the refund: the same key never gives back twice. */
  readonly key: string;
  readonly chargeKey: string;
  readonly amountMinor: number;
}

export type RefundAnswer = { readonly kind: 'refunded' } | { readonly kind: 'refused'; readonly reason: string };

/** Who charges and gives back money. Each method throws `NotCharged` or `OutcomeUnknown` where it has no answer. */
export interface PaymentProvider {
  /** Whether a token is one of the provider's; tells nothing of whether it can be charged. */
  isToken(token: string): boolean;
  charge(request: ChargeRequest): Promise<ChargeAnswer>;
  refund(request: RefundRequest): Promise<RefundAnswer>;
  /**
   * The charge with this key; null where there is none. A charge that is being made meanwhile is waited for, so that after
   * its `notAfter` null is final.
   */
  findCharge(key: string): Promise<Charge | null>;
}

/** The provider could not be reached, and it is certain that nothing was charged. */
export class NotCharged extends Error {
  readonly code = 'PAYMENT_NOT_CHARGED';
}

/** There was no answer: what was asked for may have been done or not. */
export class OutcomeUnknown extends Error {
  readonly code = 'PAYMENT_OUTCOME_UNKNOWN';
}

export function isProviderFailure(error: unknown): error is NotCharged | OutcomeUnknown {
  return error instanceof NotCharged || error instanceof OutcomeUnknown;
}
