import { setTimeout as pause } from 'node:timers/promises';
import { compareCopies } from './checks/catalogue-copy.ts';
import { checkBalances, checkChain } from './checks/ledger.ts';
import { checkOutbox, countDeadLetters } from './checks/messages.ts';
import { checkReservations } from './checks/reservations.ts';
import type { Difference } from './difference.ts';
import { type Snapshot, withSnapshot } from './snapshot.ts';

export type DatabaseUrls = Readonly<Record<'user' | 'product' | 'order', string>>;

export interface ReconcileOptions {
  readonly databaseUrls: DatabaseUrls;
  /** How long an event may wait in its outbox, in milliseconds. Default 60000. */
  readonly outboxMaxAgeMs?: number;
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
 * the catalogue and the order subgraph's copy; and that no event has stayed behind. It only reads, and may run at any time.
 */
export async function reconcile({ databaseUrls, outboxMaxAgeMs = 60_000, settleMs = 10_000 }: ReconcileOptions): Promise<Reconciliation> {
  const differences: Difference[] = [];
  const warnings: string[] = [];
  for (const [name, url] of Object.entries(databaseUrls)) {
    await withSnapshot(url, async (snapshot) => {
      if (name === 'product') differences.push(...(await checkStock(snapshot)));
      differences.push(...(await checkOutbox(snapshot, name, outboxMaxAgeMs)));
      const letters = await countDeadLetters(snapshot);
      if (letters > 0) warnings.push(`${name}: ${letters} dead letters wait to be dealt with; npm run events -- dead-letters lists them`);
    });
  }
  differences.push(...(await settledDifferences(databaseUrls, settleMs)));
  return { differences, warnings };
}

async function checkStock(snapshot: Snapshot): Promise<Difference[]> {
  return [...(await checkBalances(snapshot)), ...(await checkChain(snapshot)), ...(await checkReservations(snapshot))];
}

/** The databases are not read at one moment, and an event takes a moment: only what stays different is a difference. */
async function settledDifferences({ product, order }: DatabaseUrls, settleMs: number): Promise<readonly Difference[]> {
  const compare = (only: readonly string[] | null) =>
    withSnapshot(product, (products) => withSnapshot(order, (orders) => compareCopies({ product: products, order: orders }, only)));
  const deadline = Date.now() + settleMs;
  let found = await compare(null);
  while (found.size > 0 && Date.now() < deadline) {
    await pause(PAUSE_MS);
    found = await compare([...found.keys()]);
  }
  return [...found.values()];
}
