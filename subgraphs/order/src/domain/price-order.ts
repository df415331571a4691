export interface CatalogueProduct {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** In the currency's minor unit. */
  readonly priceMinor: number;
  readonly currencyCode: string;
  readonly onSale: boolean;
  readonly version: number;
}

export interface RequestedLine {
  readonly productId: string;
  readonly quantity: number;
}

export interface PricedLine extends RequestedLine {
  readonly sku: string;
  readonly name: string;
  readonly unitPriceMinor: number;
}

export type Pricing =
  | {
      readonly kind: 'priced';
      readonly lines: readonly PricedLine[];
      readonly totalMinor: number;
      readonly currencyCode: string;
    }
  | { readonly kind: 'product-unavailable'; readonly productId: string }
  | { readonly kind: 'mixed-currencies' }
  | { readonly kind: 'total-too-large' };

/** Merges lines with the same product at the place of the first. */
export function mergeLines(lines: readonly RequestedLine[]): RequestedLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}

/** Prices lines from the catalogue: a client never sets a price. */
export function priceOrder(lines: readonly RequestedLine[], catalogue: ReadonlyMap<string, CatalogueProduct>): Pricing {
  const priced: PricedLine[] = [];
  const currencies = new Set<string>();
  let totalMinor = 0;
  for (const { productId, quantity } of lines) {
    const product = catalogue.get(productId);
    if (!product?.onSale) return { kind: 'product-unavailable', productId };
    const { sku, name, priceMinor, currencyCode } = product;
    priced.push({ productId, quantity, sku, name, unitPriceMinor: priceMinor });
    currencies.add(currencyCode);
    totalMinor += priceMinor * quantity;
  }
  const [currencyCode] = currencies;
  if (currencies.size !== 1 || currencyCode === undefined) return { kind: 'mixed-currencies' };
  if (!Number.isSafeInteger(totalMinor)) return { kind: 'total-too-large' };
  return { kind: 'priced', lines: priced, totalMinor, currencyCode };
}
