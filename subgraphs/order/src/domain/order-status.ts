export type OrderStatus =
  'PENDING' | 'RESERVED' | 'PAID' | 'PROCESSING' | 'SHIPPED' | 'DELIVERED' | 'FAILED' | 'CANCELLED' | 'EXPIRED';

/** What can happen to an order after it was placed; also the `type` of the history's entries. */
export type OrderEventType =
  'RESERVED' | 'FAILED' | 'PAID' | 'EXPIRED' | 'CANCELLED' | 'PROCESSING' | 'SHIPPED' | 'DELIVERED' | 'REFUNDED';

/** The one place that says which event leads where. A move that is not here is not made. */
const transitions: Record<OrderStatus, Partial<Record<OrderEventType, OrderStatus>>> = {
  PENDING: { RESERVED: 'RESERVED', FAILED: 'FAILED', CANCELLED: 'CANCELLED' },
  RESERVED: { PAID: 'PAID', EXPIRED: 'EXPIRED', CANCELLED: 'CANCELLED' },
  PAID: { PROCESSING: 'PROCESSING', CANCELLED: 'CANCELLED', REFUNDED: 'PAID' },
  PROCESSING: { SHIPPED: 'SHIPPED', CANCELLED: 'CANCELLED', REFUNDED: 'PROCESSING' },
  SHIPPED: { DELIVERED: 'DELIVERED', REFUNDED: 'SHIPPED' },
  DELIVERED: { REFUNDED: 'DELIVERED' },
  FAILED: {},
  CANCELLED: {},
  EXPIRED: {},
};

/** Where the event leads from this status; null where it does not apply. */
export function nextStatus(from: OrderStatus, event: OrderEventType): OrderStatus | null {
  return transitions[from][event] ?? null;
}
