export type OrderStatus =
  | 'PENDING'
  | 'RESERVED'
  | 'PAID'
  | 'PROCESSING'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'FAILED'
  | 'CANCELLED'
  | 'EXPIRED';

/** The events of an order's life after it was placed. They are also the `type` of history entries. */
export type OrderEventType =
  | 'RESERVED'
  | 'FAILED'
  | 'PAID'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'PROCESSING'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'REFUNDED';

/** The transition table. A transition that is not here is rejected. */
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

/** Returns the status that the event leads to, or null when it does not apply. */
export function nextStatus(from: OrderStatus, event: OrderEventType): OrderStatus | null {
  return transitions[from][event] ?? null;
}
