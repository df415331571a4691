import type { CompleteFields } from '@shop/service';
import type { PaymentResolvers } from './schema-types.ts';

export const Payment = {
  amount: ({ amountMinor, currencyCode }) => ({ amount: amountMinor, currencyCode }),
  refunded: ({ refundedMinor, currencyCode }) => ({ amount: refundedMinor, currencyCode }),
} satisfies CompleteFields<PaymentResolvers>;
