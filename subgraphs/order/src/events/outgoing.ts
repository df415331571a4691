import {
  orderCancelled,
  orderCreated,
  orderUpdated,
  paymentProcessed,
  paymentRefunded,
  refundFailed,
  type EventContract,
  type OrderChange,
} from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { Order, OrderLine, OrderWithLines } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';

export const orderWasCreated = (order: OrderWithLines) => createOrderEvent(orderCreated, order, null);
export const orderWasUpdated = (order: OrderWithLines, before: OrderStatus) =>
  createOrderEvent(orderUpdated, order, before);
export const orderWasCancelled = (order: OrderWithLines, before: OrderStatus) =>
  createOrderEvent(orderCancelled, order, before);

function createOrderEvent(
  contract: EventContract<OrderChange>,
  order: OrderWithLines,
  statusBefore: OrderStatus | null,
): OutboxEvent {
  return newEvent(contract, {
    aggregateId: order.id,
    data: {
      orderId: order.id,
      customerId: order.customerId,
      statusBefore,
      status: order.status,
      number: order.number,
      lines: order.lines.map(toEventLine),
      totalMinor: order.totalMinor,
      currencyCode: order.currencyCode,
      reason: order.statusReason,
      reservedUntil: order.reservedUntil?.toISOString() ?? null,
      trackingNumber: order.trackingNumber,
      sequence: order.version,
    },
  });
}

export const toEventLine = ({ productId, sku, name, quantity, unitPriceMinor }: OrderLine) => ({
  productId,
  sku,
  name,
  quantity,
  unitPriceMinor,
});

/** The members of every event about a payment. */
const describePayment = (order: Order, { id, orderId, currencyCode }: Payment) => ({
  orderId,
  customerId: order.customerId,
  orderNumber: order.number,
  paymentId: id,
  currencyCode,
});

/** Creates the event for the outcome of an attempt to pay. `paymentWasRefunded` reports later refunds. */
export function paymentWasProcessed(order: Order, payment: Payment): OutboxEvent {
  const { amountMinor, status, failureReason } = payment;
  const outcome = status === 'DECLINED' || status === 'FAILED' ? status : 'SUCCEEDED';
  return newEvent(paymentProcessed, {
    aggregateId: order.id,
    data: { ...describePayment(order, payment), amountMinor, outcome, reason: failureReason },
  });
}

/** Creates the event for a refund that was made. The payment is the one after the refund. */
export function paymentWasRefunded(order: Order, payment: Payment, refund: Refund): OutboxEvent {
  const { id: refundId, amountMinor, reason } = refund;
  const { refundedMinor } = payment;
  return newEvent(paymentRefunded, {
    aggregateId: order.id,
    data: { ...describePayment(order, payment), refundId, amountMinor, refundedMinor, reason },
  });
}

/** Creates the event for a refund that could not be made so far. */
export function refundHasFailed(order: Order, payment: Payment, refund: Refund, reason: string): OutboxEvent {
  const { id: refundId, amountMinor } = refund;
  return newEvent(refundFailed, {
    aggregateId: order.id,
    data: { ...describePayment(order, payment), refundId, amountMinor, reason },
  });
}
