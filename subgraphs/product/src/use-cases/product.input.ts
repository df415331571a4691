import { findCurrencyExponent } from '@shop/contracts';
import { plainLine, plainText } from '@shop/subgraph';
import { z } from 'zod';
import { MAX_ON_HAND } from '../domain/stock.ts';

/** The highest price: 100 lines of 1,000 units at this price still add up to a safe integer. */
const MAX_PRICE_MINOR = 90_000_000_000;

export const categorySlug = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits or dashes');

export const categoryName = plainLine(200).trim().min(1);

/**
 * The rules of a product's fields when it is created or changed. A field that is stored unchanged needs only its rule here: use-cases
 * pass it on.
 */
const productFields = {
  sku: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
  name: plainLine(200).trim().min(1),
  description: plainText(10_000).normalize('NFC'),
  price: z.object({
    amount: z.int().min(1).max(MAX_PRICE_MINOR),
    currencyCode: z
      .string()
      .refine((code) => findCurrencyExponent(code) !== undefined, 'must be an ISO 4217 code in capitals'),
  }),
  category: categorySlug.nullable(),
  // The parser of URLs forgives white space within them, which browsers do not all do.
  imageUrl: plainText(2_000)
    .trim()
    .regex(/^[^\s\p{Cc}]*$/u, { message: 'must not contain white space or control characters', abort: true })
    .pipe(z.url({ protocol: /^https?$/ }))
    .nullable(),
};

export const createProductInput = z.object({
  ...productFields,
  category: productFields.category.default(null),
  imageUrl: productFields.imageUrl.default(null),
  initialStock: z.int().min(0).max(MAX_ON_HAND),
});

/** A field that is left out stays. Null empties a field that may be empty, and is invalid for others. */
const productChanges = z
  .object({
    ...productFields,
    description: productFields.description.nullable().transform((description) => description ?? ''),
    onSale: z.boolean(),
  })
  .partial();

export const updateProductInput = productChanges.extend({ id: z.string(), expectedVersion: z.int().nullish() });

export const importedProductInput = productChanges.extend({
  sku: productFields.sku,
  initialStock: z.int().min(0).max(MAX_ON_HAND).nullish(),
});

/** The stored form of a price. */
export function storePrice({ amount, currencyCode }: { amount: number; currencyCode: string }) {
  return { priceMinor: amount, currencyCode };
}
