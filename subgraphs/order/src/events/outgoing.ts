import { orderCancelled, orderCreated, orderUpdated, type EventContract, type OrderChange } from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { OrderWithLines } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';

export const orderWasCreated = (order: OrderWithLines) => changeOf(orderCreated, order, null);
export const orderWasUpdated = (order: OrderWithLines, before: OrderStatus) => changeOf(orderUpdated, order, before);
export const orderWasCancelled = (order: OrderWithLines, before: OrderStatus) => changeOf(orderCancelled, order, before);

function changeOf(
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
