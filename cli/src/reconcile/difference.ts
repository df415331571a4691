/** Two places that should agree and do not. */
export interface Difference {
  /** The check that found it. */
  readonly check:
    | 'ledger'
    | 'in-stock'
    | 'product-counts'
    | 'reservations'
    | 'outbox'
    | 'orders'
    | 'catalogue-copy'
    | 'history'
    | 'payments'
    | 'provider'
    | 'order-stock'
    | 'notifications';
  /** A product's SKU and id, an order's number and id, or a database. */
  readonly subject: string;
  /** A sentence that names both sides. */
  readonly message: string;
}
