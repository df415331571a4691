import {
  orderCancelled,
  orderCreated,
  orderUpdated,
  paymentProcessed,
  paymentRefunded,
  type EventContract,
  type OrderChange,
} from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { OrderWithLines } from '../domain/order.ts';
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
      lines: order.lines.map(({ productId, quantity, unitPriceMinor }) => ({ productId, quantity, unitPriceMinor })),
      totalMinor: order.totalMinor,
      currencyCode: order.currencyCode,
      reason: order.statusReason,
      sequence: order.version,
    },
  });
}

/** Creates the event for the outcome of an attempt to pay. `paymentWasRefunded` reports later refunds. */
export function paymentWasProcessed(payment: Payment): OutboxEvent {
  const { id: paymentId, orderId, amountMinor, currencyCode, status, failureReason } = payment;
  const outcome = status === 'DECLINED' || status === 'FAILED' ? status : 'SUCCEEDED';
  return newEvent(paymentProcessed, {
    aggregateId: orderId,
    data: { orderId, paymentId, amountMinor, currencyCode, outcome, reason: failureReason },
  });
}

/** Creates the event for a refund that was made. The payment is the one after the refund. */
export function paymentWasRefunded({ currencyCode, refundedMinor }: Payment, refund: Refund): OutboxEvent {
  const { id: refundId, orderId, paymentId, amountMinor, reason } = refund;
  return newEvent(paymentRefunded, {
    aggregateId: orderId,
    data: { orderId, paymentId, refundId, amountMinor, currencyCode, refundedMinor, reason },
  });
}
