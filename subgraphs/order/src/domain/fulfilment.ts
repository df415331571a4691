import { takeStep, type Order, type Step } from './order.ts';
import type { OrderStatus } from './order-status.ts';

/** A fulfilment step by staff for a paid order. */
export interface Fulfilment {
  readonly to: OrderStatus;
  /** Only for SHIPPED. */
  readonly trackingNumber: string | null;
  readonly note: string | null;
  readonly actorId: string;
  readonly at: Date;
}

/** Decides a step from PAID over PROCESSING and SHIPPED to DELIVERED. Returns null for any other transition. */
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
