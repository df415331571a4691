import { plainLine } from '@shop/subgraph';
import { z } from 'zod';

const optional = (max: number) =>
  plainLine(max)
    .trim()
    .nullish()
    .transform((value) => value || null);
const required = (max: number) => plainLine(max).trim().min(1);

const address = z.object({
  recipient: optional(200),
  street: required(200),
  city: required(100),
  state: optional(100),
  postalCode: required(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in capitals'),
});

export const placeOrderInput = z.object({
  items: z
    .array(z.object({ productId: z.uuid().toLowerCase(), quantity: z.int().min(1).max(1_000) }))
    .min(1)
    .max(100),
  shippingAddress: address,
  billingAddress: address.nullish(),
  expectedTotal: z.int().nullish(),
  idempotencyKey: required(200),
});
