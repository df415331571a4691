import type { OrderChange, Step } from './order.ts';
import type { OrderEventType, OrderStatus } from './order-status.ts';

/** Fields that a history entry set beside the status. */
export interface HistoryDetails {
  /** Only for RESERVED. RFC 3339. */
  readonly reservedUntil?: string;
  /** Only for SHIPPED. */
  readonly trackingNumber?: string;
}

/** One entry of an order's history. The first is PLACED. */
export interface HistoryEntry {
  /** Counts from 1. */
  readonly sequence: number;
  readonly type: OrderEventType | 'PLACED';
  /** Null for the first entry. */
  readonly fromStatus: OrderStatus | null;
  readonly toStatus: OrderStatus;
  readonly reason: string | null;
  readonly actorId: string | null;
  readonly details: HistoryDetails | null;
  readonly at: Date;
}

/** Creates the history entry of a step. */
export function createHistoryEntry({ order, from, change }: Step): HistoryEntry {
  const { type, reason, actorId, at } = change;
  return {
    sequence: order.version,
    type,
    fromStatus: from,
    toStatus: order.status,
    reason,
    actorId,
    details: collectDetails(change),
    at,
  };
}

function collectDetails(change: OrderChange): HistoryDetails | null {
  if (change.type === 'RESERVED') return { reservedUntil: change.reservedUntil.toISOString() };
  if (change.type === 'SHIPPED' && change.trackingNumber !== null) return { trackingNumber: change.trackingNumber };
  return null;
}
