import { z } from 'zod';
import { productFields } from './product-fields.ts';

/** What is left out stays; null empties what may be empty, and is refused elsewhere. */
export const updateProductInput = z.object({
  id: z.string(),
  expectedVersion: z.int().nullish(),
  sku: productFields.sku.optional(),
  name: productFields.name.optional(),
  description: productFields.description.nullish(),
  price: productFields.price.optional(),
  category: productFields.category.nullish(),
  imageUrl: productFields.imageUrl.nullish(),
  onSale: z.boolean().optional(),
});
