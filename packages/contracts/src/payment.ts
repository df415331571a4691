import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { currencyCode, id, minorUnits } from './scalars.ts';

const payment = z.object({ orderId: id, paymentId: id, amountMinor: minorUnits, currencyCode });

/** The outcome of a payment attempt is known. FAILED: the provider was unavailable and charged nothing. */
export const paymentProcessed = defineEvent(
  'shop.payment.processed.v1',
  '/order',
  payment.extend({ outcome: z.enum(['SUCCEEDED', 'DECLINED', 'FAILED']), reason: z.string().nullable() }),
);

/** A refund was made. `amountMinor` is this refund; `refundedMinor` is the sum of all refunds of the payment so far. */
export const paymentRefunded = defineEvent(
  'shop.payment.refunded.v1',
  '/order',
  payment.extend({ refundId: id, refundedMinor: minorUnits, reason: z.string().nullable() }),
);
