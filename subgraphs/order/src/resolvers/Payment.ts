import type { CompleteFields } from '@shop/subgraph';
import type { PaymentResolvers } from './schema-types.ts';

export const Payment = {
  amount: ({ amountMinor, currencyCode }) => ({ amount: amountMinor, currencyCode }),
  refunded: ({ refundedMinor, currencyCode }) => ({ amount: refundedMinor, currencyCode }),
} satisfies CompleteFields<PaymentResolvers>;
