import { z } from 'zod';
import { MAX_ON_HAND } from '../domain/stock.ts';
import { productFields } from './product-fields.ts';

export const createProductInput = z.object({
  ...productFields,
  category: productFields.category.nullish(),
  imageUrl: productFields.imageUrl.nullish(),
  initialStock: z.int().min(0).max(MAX_ON_HAND),
});
