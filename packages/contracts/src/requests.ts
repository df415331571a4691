import { z } from 'zod';
import { publicProduct } from './product.ts';
import { id } from './scalars.ts';

/** Asks the product service for products that a copy of the catalogue lacks. Answers with those that exist. */
export const findProducts = {
  subject: 'shop.request.product.find.v1',
  requester: 'order',
  responder: 'product',
  request: z.object({ productIds: z.array(id).min(1).max(100) }),
  response: z.object({ products: z.array(publicProduct) }),
} as const;
