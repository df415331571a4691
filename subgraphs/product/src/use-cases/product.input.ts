import { plainLine, plainText } from '@shop/subgraph';
import { z } from 'zod';
import { MAX_ON_HAND } from '../domain/stock.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** The highest price: 100 lines of 1,000 units at this price still add up to a safe integer. */
const MAX_PRICE_MINOR = 90_000_000_000;

export const categorySlug = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits or dashes');

/**
 * The rules of a product's fields when it is created or changed. A field that is stored unchanged needs only its rule here: use-cases
 * pass it on.
 */
const productFields = {
  sku: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
  name: plainLine(200).trim().min(1),
  description: plainText(10_000),
  price: z.object({
    amount: z.int().min(1).max(MAX_PRICE_MINOR),
    currencyCode: z.string().refine((code) => currencies.has(code), 'must be an ISO 4217 code in capitals'),
  }),
  category: categorySlug.nullable(),
  imageUrl: z
    .url({ protocol: /^https?$/ })
    .and(plainText(2_000))
    .nullable(),
};

export const createProductInput = z.object({
  ...productFields,
  category: productFields.category.default(null),
  imageUrl: productFields.imageUrl.default(null),
  initialStock: z.int().min(0).max(MAX_ON_HAND),
});

/** A field that is left out stays. Null empties a field that may be empty, and is invalid for others. */
export const updateProductInput = z
  .object({
    ...productFields,
    description: productFields.description.nullable().transform((description) => description ?? ''),
    onSale: z.boolean(),
  })
  .partial()
  .extend({ id: z.string(), expectedVersion: z.int().nullish() });

/** The stored form of a price. */
export function storePrice({ amount, currencyCode }: { amount: number; currencyCode: string }) {
  return { priceMinor: amount, currencyCode };
}
