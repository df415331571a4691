import { z } from 'zod';
import { publicProduct } from './product.ts';
import { id } from './scalars.ts';

/**
 * The fields of a product that an order needs. It has no description: a hundred descriptions would not fit into one
 * message.
 */
export const orderableProduct = publicProduct.pick({
  productId: true,
  sku: true,
  name: true,
  priceMinor: true,
  currencyCode: true,
  onSale: true,
  version: true,
});
export type OrderableProduct = z.infer<typeof orderableProduct>;

/** Asks the product service for products that a copy of the catalogue lacks. Answers with those that exist. */
export const findProducts = {
  subject: 'shop.request.product.find.v1',
  responder: 'product',
  request: z.object({ productIds: z.array(id).min(1).max(100) }),
  response: z.object({ products: z.array(orderableProduct) }),
} as const;
