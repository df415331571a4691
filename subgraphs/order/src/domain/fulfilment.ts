import { takeStep, type Order, type Step } from './order.ts';
import type { OrderStatus } from './order-status.ts';

/** What staff do about an order that is paid. */
export interface Fulfilment {
  readonly to: OrderStatus;
  /** Of SHIPPED only. */
  readonly trackingNumber: string | null;
  readonly note: string | null;
  readonly actorId: string;
  readonly at: Date;
}

/** PAID to PROCESSING to SHIPPED to DELIVERED, one step at a time; null for every other move. */
export function decideFulfilment<Kind extends Order>(
  order: Kind,
  { to, trackingNumber, note, actorId, at }: Fulfilment,
): Step<Kind> | null {
  const cause = { reason: note, actorId, at };
  switch (to) {
    case 'SHIPPED':
      return takeStep(order, { type: to, trackingNumber, ...cause });
    case 'PROCESSING':
    case 'DELIVERED':
      return takeStep(order, { type: to, ...cause });
    default:
      return null;
  }
}
