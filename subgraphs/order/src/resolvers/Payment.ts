import type { Payment as PaymentRow } from '../domain/payment.ts';

export const Payment = {
  amount: ({ amountMinor, currencyCode }: PaymentRow) => ({ amount: amountMinor, currencyCode }),
  refunded: ({ refundedMinor, currencyCode }: PaymentRow) => ({ amount: refundedMinor, currencyCode }),
};
