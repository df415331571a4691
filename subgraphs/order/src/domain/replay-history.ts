import type { HistoryEntry } from './history.ts';
import { applyChange, type OrderChange, type OrderState } from './order.ts';
import type { OrderEventType } from './order-status.ts';

/**
 * Computes the state of an order from its history, oldest entry first.
 *
 * @throws Error for an invalid history: it does not begin with PLACED, has a gap, or has a transition that is not allowed
 */
export function replayHistory(entries: readonly HistoryEntry[]): OrderState {
  const [placed, ...rest] = entries;
  if (placed?.type !== 'PLACED' || placed.sequence !== 1 || placed.toStatus !== 'PENDING')
    throw new Error('the history does not begin with PLACED');
  const first: OrderState = {
    status: 'PENDING',
    statusReason: null,
    reservedUntil: null,
    trackingNumber: null,
    version: 1,
    updatedAt: placed.at,
  };
  return rest.reduce(replayEntry, first);
}

function replayEntry(state: OrderState, entry: HistoryEntry): OrderState {
  const next =
    entry.fromStatus === state.status && entry.type !== 'PLACED'
      ? applyChange(state, createOrderEvent(entry, entry.type))
      : null;
  if (next?.status !== entry.toStatus || next.version !== entry.sequence) {
    throw new Error(
      `entry ${entry.sequence} does not follow: ${entry.type} from ${entry.fromStatus} to ${entry.toStatus} after ${state.status}`,
    );
  }
  return next;
}

function createOrderEvent({ reason, actorId, at, details }: HistoryEntry, type: OrderEventType): OrderChange {
  const cause = { reason, actorId, at };
  if (type === 'SHIPPED') return { type, ...cause, trackingNumber: details?.trackingNumber ?? null };
  if (type !== 'RESERVED') return { type, ...cause };
  if (details?.reservedUntil === undefined) throw new Error('RESERVED does not say until when');
  return { type, ...cause, reservedUntil: new Date(details.reservedUntil) };
}
