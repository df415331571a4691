import { nextStatus, type OrderEventType, type OrderStatus } from './order-status.ts';

export interface OrderLine {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** In the order's currency, in minor units. */
  readonly unitPriceMinor: number;
  readonly quantity: number;
}

export interface Address {
  readonly recipient: string | null;
  readonly street: string;
  readonly city: string;
  readonly state: string | null;
  readonly postalCode: string;
  readonly country: string;
}

export interface Order {
  readonly id: string;
  readonly number: string;
  /** Null after the customer's account was deleted. */
  readonly customerId: string | null;
  readonly status: OrderStatus;
  readonly statusReason: string | null;
  readonly currencyCode: string;
  readonly totalMinor: number;
  readonly shippingAddress: Address;
  readonly billingAddress: Address;
  /** Number of entries in the order's history. */
  readonly version: number;
  readonly placedAt: Date;
  readonly updatedAt: Date;
}

export interface OrderWithLines extends Order {
  readonly lines: readonly OrderLine[];
}

/** What happened to an order, who did it (null: the system), why and when. */
export interface OrderChange {
  readonly type: OrderEventType;
  readonly reason: string | null;
  readonly actorId: string | null;
  readonly at: Date;
}

/** The order after a change; null where its status does not allow the change. */
export function applyChange<Kind extends Order>(order: Kind, { type, reason, at }: OrderChange): Kind | null {
  const status = nextStatus(order.status, type);
  return status && { ...order, status, statusReason: reason, version: order.version + 1, updatedAt: at };
}

/** Whether an order is somebody's own. One whose customer was erased is nobody's, an anonymous caller's least of all. */
export function isPlacedBy({ customerId }: Order, userId: string | null): boolean {
  return userId !== null && customerId === userId;
}
