import { takeStep, type Order, type Step } from './order.ts';

/** What the product subgraph decided about an order's stock. */
export interface ReservationDecision {
  readonly orderId: string;
  readonly type: 'RESERVED' | 'FAILED';
  readonly reason: string | null;
}

/** What becomes of an order by the decision about its stock; null where the order went on, or the decision is a repeated one. */
export function decideReservation<Kind extends Order>(
  order: Kind,
  { type, reason }: ReservationDecision,
  { at, reservationSeconds }: { at: Date; reservationSeconds: number },
): Step<Kind> | null {
  const cause = { reason, actorId: null, at };
  const reservedUntil = new Date(at.getTime() + reservationSeconds * 1_000);
  return takeStep(order, type === 'RESERVED' ? { type, ...cause, reservedUntil } : { type, ...cause });
}

/** EXPIRED once the time of an unpaid reservation has passed; null before, and for every order that is not RESERVED. */
export function decideExpiry<Kind extends Order>(order: Kind, at: Date): Step<Kind> | null {
  if (order.reservedUntil === null || order.reservedUntil > at) return null;
  return takeStep(order, { type: 'EXPIRED', reason: 'Not paid in time.', actorId: null, at });
}
