import { uuidv7 } from '@shop/subgraph';
import type { OrderableProduct } from '@shop/contracts';

/** A product on sale for 2.50 USD, as the order service keeps it. */
export const makeProduct = (rest: Partial<OrderableProduct> = {}): OrderableProduct => ({
  productId: uuidv7(),
  sku: 'SKU',
  name: 'A product',
  priceMinor: 250,
  currencyCode: 'USD',
  onSale: true,
  version: 1,
  ...rest,
});
