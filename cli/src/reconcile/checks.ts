/**
 * The checks, by the database that they read. They know the business tables, so this is the one place of `cli` that
 * names subgraphs:
 * see docs/decisions/017-one-command-line.md.
 */
import type { ServiceName } from '@shop/contracts';
import { compareCopies } from './checks/catalogue-copy.ts';
import { checkHistory } from './checks/history.ts';
import { checkBalances, checkChain, checkInStock, checkProductCounts } from './checks/ledger.ts';
import { checkQueuedMessages, checkRepeatedMessages, compareMessages } from './checks/notifications.ts';
import { compareStock } from './checks/order-stock.ts';
import { checkPaidOrders, checkPending, checkPendingOrders, checkRefunds } from './checks/payments.ts';
import { checkCharges, checkProviderRefunds } from './checks/provider.ts';
import { checkReservations } from './checks/reservations.ts';
import type { Difference } from './difference.ts';
import type { Snapshot } from './snapshot.ts';

/** Finds differences within one database. */
export type Check = (snapshot: Snapshot, limits: { readonly pendingMaxAgeMs: number }) => Promise<Difference[]>;

/** Finds differences between two databases, by id; `only` limits it to some ids. */
export interface Comparison {
  readonly left: ServiceName;
  readonly right: ServiceName;
  readonly compare: (
    left: Snapshot,
    right: Snapshot,
    only: readonly string[] | null,
  ) => Promise<Map<string, Difference>>;
}

export const checks: Partial<Record<ServiceName, readonly Check[]>> = {
  product: [checkBalances, checkChain, checkInStock, checkProductCounts, checkReservations],
  order: [
    checkHistory,
    checkPaidOrders,
    checkRefunds,
    (snapshot, { pendingMaxAgeMs }) => checkPendingOrders(snapshot, pendingMaxAgeMs),
    (snapshot, { pendingMaxAgeMs }) => checkPending(snapshot, pendingMaxAgeMs),
    checkCharges,
    checkProviderRefunds,
  ],
  notification: [
    checkRepeatedMessages,
    (snapshot, { pendingMaxAgeMs }) => checkQueuedMessages(snapshot, pendingMaxAgeMs),
  ],
};

export const comparisons: readonly Comparison[] = [
  { left: 'product', right: 'order', compare: compareCopies },
  { left: 'product', right: 'order', compare: compareStock },
  ...(['user', 'product', 'order', 'task'] as const).map((left) => ({
    left,
    right: 'notification' as const,
    compare: compareMessages,
  })),
];
