import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { currencyCode, id, instant, minorUnits, quantity, sequence } from './scalars.ts';

const orderStatus = z.enum([
  'PENDING',
  'RESERVED',
  'PAID',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
]);

const orderChange = z.object({
  orderId: id,
  /** The number that the customer knows. Older events lack it. */
  number: z.string().optional(),
  /** Null after the customer's account was deleted. */
  customerId: id.nullable(),
  statusBefore: orderStatus.nullable(),
  status: orderStatus,
  lines: z.array(
    z.object({
      productId: id,
      quantity,
      unitPriceMinor: minorUnits,
      /** As it was when the order was placed. Older events lack it. */
      sku: z.string().optional(),
      /** As it was when the order was placed. Older events lack it. */
      name: z.string().optional(),
    }),
  ),
  totalMinor: minorUnits,
  currencyCode,
  reason: z.string().nullable(),
  /** Until when the stock is held; set while the order is RESERVED. Older events lack it. */
  reservedUntil: instant.nullable().optional(),
  /** The carrier's number; null before the order is SHIPPED, and where it has none. Older events lack it. */
  trackingNumber: z.string().nullable().optional(),
  sequence,
});

/** An order was accepted; its stock is not reserved yet. */
export const orderCreated = defineEvent('shop.order.created.v1', '/order', orderChange);
/**
 * An order's status changed, except to CANCELLED. For EXPIRED, the reserved stock must be released. For SHIPPED, the
 * stock has left the warehouse.
 */
export const orderUpdated = defineEvent('shop.order.updated.v1', '/order', orderChange);
/** An order was cancelled. The reserved stock must be released. */
export const orderCancelled = defineEvent('shop.order.cancelled.v1', '/order', orderChange);

export type OrderChange = z.infer<typeof orderChange>;
