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

/** What can happen to an order after it was placed; also the `type` of the history's entries. */
export type OrderEventType = 'RESERVED' | 'FAILED' | 'CANCELLED';

/** The one place that says which event leads where. A move that is not here is not made. */
const transitions: Record<OrderStatus, Partial<Record<OrderEventType, OrderStatus>>> = {
  PENDING: { RESERVED: 'RESERVED', FAILED: 'FAILED', CANCELLED: 'CANCELLED' },
  RESERVED: { CANCELLED: 'CANCELLED' },
  PAID: {},
  PROCESSING: {},
  SHIPPED: {},
  DELIVERED: {},
  FAILED: {},
  CANCELLED: {},
  EXPIRED: {},
};

/** Where the event leads from this status; null where it does not apply. */
export function nextStatus(from: OrderStatus, event: OrderEventType): OrderStatus | null {
  return transitions[from][event] ?? null;
}
