import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { currencyCode, id, minorUnits } from './scalars.ts';

const payment = z.object({
  orderId: id,
  /** Null after the customer's account was deleted. Older events lack it. */
  customerId: id.nullable().optional(),
  /** The number of the order that the customer knows. Older events lack it. */
  orderNumber: z.string().optional(),
  paymentId: id,
  amountMinor: minorUnits,
  currencyCode,
});

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

/**
 * The provider refused a refund, or could not be reached, until all tries were used up. Somebody must look at it: the customer is
 * owed `amountMinor`.
 */
export const refundFailed = defineEvent(
  'shop.payment.refund_failed.v1',
  '/order',
  payment.extend({ refundId: id, reason: z.string().nullable() }),
);
