export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** In the currency's minor unit. */
  readonly priceMinor: number;
  readonly currencyCode: string;
  readonly imageUrl: string | null;
  readonly onSale: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
