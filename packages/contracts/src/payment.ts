import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { currencyCode, id, minorUnits } from './scalars.ts';

const payment = z.object({ orderId: id, paymentId: id, amountMinor: minorUnits, currencyCode });

/** The outcome of an attempt to pay became known. FAILED: the provider could not be reached, and nothing was charged. */
export const paymentProcessed = defineEvent(
  'shop.payment.processed.v1',
  '/order',
  payment.extend({ outcome: z.enum(['SUCCEEDED', 'DECLINED', 'FAILED']), reason: z.string().nullable() }),
);

/** Money was given back. The amount is that of this refund; `refundedMinor` is all that was given back of the payment so far. */
export const paymentRefunded = defineEvent(
  'shop.payment.refunded.v1',
  '/order',
  payment.extend({ refundId: id, refundedMinor: minorUnits, reason: z.string().nullable() }),
);
