/** Two places that should say the same and do not. */
export interface Difference {
  /** Which check has found it. */
  readonly check:
    'ledger' | 'reservations' | 'outbox' | 'catalogue-copy' | 'history' | 'payments' | 'provider' | 'order-stock';
  /** What it is about, for a person and to look it up: a product's id and SKU, an order's number and id, a database. */
  readonly subject: string;
  /** A sentence with both sides. */
  readonly message: string;
}
