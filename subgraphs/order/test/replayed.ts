import type { HistoryEntry } from '../src/domain/history.ts';
import type { OrderState } from '../src/domain/order.ts';
import { replayHistory } from '../src/domain/replay-history.ts';

/** Returns an order's row and the replay of its stored history. If they differ, the history is incomplete. */
export function rowAndReplay({ history, ...order }: OrderState & { readonly history: readonly object[] }) {
  const { status, statusReason, reservedUntil, trackingNumber, version, updatedAt } = order;
  const replayed = replayHistory(history as readonly HistoryEntry[]);
  return { row: { status, statusReason, reservedUntil, trackingNumber, version, updatedAt }, replayed };
}
