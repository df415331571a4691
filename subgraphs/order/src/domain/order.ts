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
  /** When an unpaid reservation runs out; null unless RESERVED. */
  readonly reservedUntil: Date | null;
  readonly trackingNumber: string | null;
}

export interface OrderWithLines extends Order {
  readonly lines: readonly OrderLine[];
}

/** Who changed an order (null: the system), why and when. */
interface Cause {
  readonly reason: string | null;
  readonly actorId: string | null;
  readonly at: Date;
}

/** A change of an order. */
export type OrderChange = Cause &
  (
    | { readonly type: 'RESERVED'; readonly reservedUntil: Date }
    | { readonly type: 'SHIPPED'; readonly trackingNumber: string | null }
    | { readonly type: Exclude<OrderEventType, 'RESERVED' | 'SHIPPED'> }
  );

/** The fields of an order that change after it was placed. */
export type OrderState = Pick<
  Order,
  'status' | 'statusReason' | 'reservedUntil' | 'trackingNumber' | 'version' | 'updatedAt'
>;

/** Returns the changed order, or null when its status does not allow the change. */
export function applyChange<Kind extends OrderState>(order: Kind, change: OrderChange): Kind | null {
  const status = nextStatus(order.status, change.type);
  if (status === null) return null;
  return {
    ...order,
    status,
    statusReason: explains(status) ? change.reason : null,
    reservedUntil: change.type === 'RESERVED' ? change.reservedUntil : null,
    trackingNumber: change.type === 'SHIPPED' ? change.trackingNumber : order.trackingNumber,
    version: order.version + 1,
    updatedAt: change.at,
  };
}

/** One step of an order: its status before, the change, and the order after it. */
export interface Step<Kind extends Order = Order> {
  readonly order: Kind;
  readonly from: OrderStatus;
  readonly change: OrderChange;
}

/** Applies a change as a step. Returns null when the order's status does not allow it. */
export function takeStep<Kind extends Order>(order: Kind, change: OrderChange): Step<Kind> | null {
  const changed = applyChange(order, change);
  return changed && { order: changed, from: order.status, change };
}

/** The statuses whose reason is stored with the order. */
function explains(status: OrderStatus): boolean {
  return status === 'FAILED' || status === 'CANCELLED' || status === 'EXPIRED';
}

/** Returns whether an order is paid and not cancelled, so that its payment can be refunded. */
export function isPaid({ status }: Order): boolean {
  return nextStatus(status, 'REFUNDED') !== null;
}

/**
 * Returns whether a user placed the order. An order of an erased customer has no owner, and does not belong to an
 * anonymous caller either.
 */
export function isPlacedBy({ customerId }: Order, userId: string | null): boolean {
  return userId !== null && customerId === userId;
}
