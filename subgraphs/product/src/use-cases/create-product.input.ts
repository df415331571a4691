import { plainText } from '@shop/service';
import { z } from 'zod';
import { MAX_ON_HAND } from '../domain/stock.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** The highest price: 100 lines of 1,000 units of it still add up to a safe integer. */
const MAX_PRICE_MINOR = 90_000_000_000;

export const createProductInput = z.object({
  sku: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
  name: plainText(200).trim().min(1),
  description: plainText(10_000),
  price: z.object({
    amount: z.int().min(0).max(MAX_PRICE_MINOR),
    currencyCode: z.string().refine((code) => currencies.has(code), 'must be an ISO 4217 code in capitals'),
  }),
  imageUrl: z.url({ protocol: /^https?$/ }).and(plainText(2_000)).nullish(),
  initialStock: z.int().min(0).max(MAX_ON_HAND),
});
