import { setTimeout as pause } from 'node:timers/promises';
import { compareCopies } from './checks/catalogue-copy.ts';
import { checkHistory } from './checks/history.ts';
import { checkBalances, checkChain } from './checks/ledger.ts';
import { checkOutbox, countDeadLetters } from './checks/messages.ts';
import { compareStock } from './checks/order-stock.ts';
import { checkPaidOrders, checkPending, checkRefunds } from './checks/payments.ts';
import { checkCharges, checkProviderRefunds } from './checks/provider.ts';
import { checkReservations } from './checks/reservations.ts';
import type { Difference } from './difference.ts';
import { type Snapshot, type TwoDatabases, withSnapshot } from './snapshot.ts';

export type DatabaseUrls = Readonly<Record<'user' | 'product' | 'order', string>>;

export interface ReconcileOptions {
  readonly databaseUrls: DatabaseUrls;
  /** How long an event may wait in its outbox, in milliseconds. Default 60000. */
  readonly outboxMaxAgeMs?: number;
  /** How long a payment may be without an outcome, or a refund not made, in milliseconds. Default 60000. */
  readonly pendingMaxAgeMs?: number;
  /** How long a difference between two databases may take to go away by itself, in milliseconds. Default 10000. */
  readonly settleMs?: number;
}

export interface Reconciliation {
  readonly differences: readonly Difference[];
  /** What is no difference and yet wants a look. */
  readonly warnings: readonly string[];
}

const PAUSE_MS = 250;

/**
 * Proves that what is kept twice says the same: the stock ledger and the balances, open reservations and what is reserved,
 * orders and their histories, payments and what the provider charged, orders and the stock that is held for them, the
 * catalogue and the order subgraph's copy; and that nothing has stayed behind. It only reads, and may run at any time.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { databaseUrls, outboxMaxAgeMs = 60_000, pendingMaxAgeMs = 60_000, settleMs = 10_000 } = options;
  const differences: Difference[] = [];
  const warnings: string[] = [];
  for (const [name, url] of Object.entries(databaseUrls)) {
    await withSnapshot(url, async (snapshot) => {
      if (name === 'product') differences.push(...(await checkStock(snapshot)));
      if (name === 'order') differences.push(...(await checkOrders(snapshot, pendingMaxAgeMs)));
      differences.push(...(await checkOutbox(snapshot, name, outboxMaxAgeMs)));
      const letters = await countDeadLetters(snapshot);
      if (letters > 0)
        warnings.push(
          `${name}: ${letters} dead letters wait to be dealt with; npm run events -- dead-letters lists them`,
        );
    });
  }
  const compared = await Promise.all(
    [compareCopies, compareStock].map((compare) => settledDifferences(compare, databaseUrls, settleMs)),
  );
  differences.push(...compared.flat());
  return { differences, warnings };
}

async function checkStock(snapshot: Snapshot): Promise<Difference[]> {
  return [...(await checkBalances(snapshot)), ...(await checkChain(snapshot)), ...(await checkReservations(snapshot))];
}

async function checkOrders(snapshot: Snapshot, pendingMaxAgeMs: number): Promise<Difference[]> {
  return [
    ...(await checkHistory(snapshot)),
    ...(await checkPaidOrders(snapshot)),
    ...(await checkRefunds(snapshot)),
    ...(await checkPending(snapshot, pendingMaxAgeMs)),
    ...(await checkCharges(snapshot)),
    ...(await checkProviderRefunds(snapshot)),
  ];
}

type Compare = (databases: TwoDatabases, only: readonly string[] | null) => Promise<Map<string, Difference>>;

/** The databases are not read at one moment, and an event takes a moment: only what stays different is a difference. */
async function settledDifferences(
  compare: Compare,
  { product, order }: DatabaseUrls,
  settleMs: number,
): Promise<readonly Difference[]> {
  const look = (only: readonly string[] | null) =>
    withSnapshot(product, (products) =>
      withSnapshot(order, (orders) => compare({ product: products, order: orders }, only)),
    );
  const deadline = Date.now() + settleMs;
  let found = await look(null);
  while (found.size > 0 && Date.now() < deadline) {
    await pause(PAUSE_MS);
    found = await look([...found.keys()]);
  }
  return [...found.values()];
}
