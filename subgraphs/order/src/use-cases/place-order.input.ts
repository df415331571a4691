import { plainLine } from '@shop/subgraph';
import { z } from 'zod';
import { addressInput } from './address.input.ts';

export const placeOrderInput = z.object({
  items: z
    .array(z.object({ productId: z.uuid().toLowerCase(), quantity: z.int().min(1).max(1_000) }))
    .min(1)
    .max(100),
  shippingAddress: addressInput,
  billingAddress: addressInput.nullish(),
  expectedTotal: z.int().nullish(),
  idempotencyKey: plainLine(200).trim().min(1),
});
