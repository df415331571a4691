/** How much the unpaid orders of one customer may hold together. An absent limit is no limit. */
export interface OrderLimits {
  /** Unpaid orders. */
  readonly openOrders?: number;
  /** Units of one product. */
  readonly unitsOfProduct?: number;
  /** The value by currency, in minor units. `*` is for all other currencies. */
  readonly reservedValue?: Readonly<Record<string, number>>;
}

/** The limit that an order would exceed. */
export type ReachedLimit =
  | { readonly limit: 'OPEN_ORDERS'; readonly maximum: number }
  | { readonly limit: 'UNITS_OF_PRODUCT'; readonly maximum: number; readonly productId: string }
  | { readonly limit: 'RESERVED_VALUE'; readonly maximum: number; readonly currencyCode: string };
