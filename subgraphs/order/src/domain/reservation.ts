import { takeStep, type Order, type Step } from './order.ts';

/** The product subgraph's decision about an order's stock. */
export interface ReservationDecision {
  readonly orderId: string;
  readonly type: 'RESERVED' | 'FAILED';
  readonly reason: string | null;
}

/** Applies the decision about an order's stock. Returns null when the order is no longer PENDING, as for a repeated decision. */
export function decideReservation<Kind extends Order>(
  order: Kind,
  { type, reason }: ReservationDecision,
  { at, reservationSeconds }: { at: Date; reservationSeconds: number },
): Step<Kind> | null {
  const cause = { reason, actorId: null, at };
  const reservedUntil = new Date(at.getTime() + reservationSeconds * 1_000);
  return takeStep(order, type === 'RESERVED' ? { type, ...cause, reservedUntil } : { type, ...cause });
}

/** Expires an order whose reservation was not paid in time. Returns null before that time, and when it is not RESERVED. */
export function decideExpiry<Kind extends Order>(order: Kind, at: Date): Step<Kind> | null {
  if (order.reservedUntil === null || order.reservedUntil > at) return null;
  return takeStep(order, { type: 'EXPIRED', reason: 'Not paid in time.', actorId: null, at });
}
