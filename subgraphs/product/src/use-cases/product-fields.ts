import { plainLine, plainText } from '@shop/subgraph';
import { z } from 'zod';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** The highest price: 100 lines of 1,000 units of it still add up to a safe integer. */
const MAX_PRICE_MINOR = 90_000_000_000;

export const categorySlug = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits or dashes');

/** The rules of a product's fields, for a new one and for a change alike. */
export const productFields = {
  sku: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
  name: plainLine(200).trim().min(1),
  description: plainText(10_000),
  price: z.object({
    amount: z.int().min(1).max(MAX_PRICE_MINOR),
    currencyCode: z.string().refine((code) => currencies.has(code), 'must be an ISO 4217 code in capitals'),
  }),
  category: categorySlug,
  imageUrl: z.url({ protocol: /^https?$/ }).and(plainText(2_000)),
};
