import { setTimeout as pause } from 'node:timers/promises';
import { type ServiceName, serviceNames } from '@shop/contracts';
import type { Target } from '../databases/targets.ts';
import { collectInParallel } from '../in-parallel.ts';
import { checks, type Comparison, comparisons } from './checks.ts';
import { checkConfirmed, checkPublished, countDeadLetters } from './checks/messages.ts';
import type { Difference } from './difference.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

export interface ReconcileOptions {
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** The longest time that an event may wait in its outbox, in milliseconds. Default 60000. */
  readonly outboxMaxAgeMs?: number;
  /** The longest time that a service may lack an event of another, in milliseconds. Default 60000. */
  readonly confirmationMaxAgeMs?: number;
  /**
   * The longest time that an order may be PENDING, that a payment may have no outcome, that a refund may take and that a message may
   * be due, in milliseconds. Default 60000.
   */
  readonly pendingMaxAgeMs?: number;
  /** The longest time that a difference between two databases may last, in milliseconds. Default 10000. */
  readonly settleMs?: number;
}

export interface Reconciliation {
  readonly differences: readonly Difference[];
  /** Warnings: not differences, but somebody should look at them. */
  readonly warnings: readonly string[];
}

const PAUSE_MS = 250;
/** The checks of one database that run at the same time, beside the comparisons with other databases. */
const CHECKS_AT_ONCE = 2;

/**
 * Checks that data that is stored twice agrees: the stock ledger and the balances, open reservations and reserved
 * stock, orders and their histories, payments and the provider's charges, orders and their reserved stock, the
 * catalogue and the order subgraph's copy, events and the messages that they cause. It also checks that no event is stuck. It only
 * reads, and may run at any time.
 *
 * @throws UnavailableError when a database cannot be read.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { databaseUrls, outboxMaxAgeMs = 60_000, confirmationMaxAgeMs = 60_000 } = options;
  const { pendingMaxAgeMs = 60_000, settleMs = 10_000 } = options;
  const targetFor = (name: ServiceName): Target => ({ name, databaseUrl: databaseUrls[name] });
  const warnings = new Map<ServiceName, string>();
  const checkMessages = async (name: ServiceName, snapshot: Snapshot): Promise<Difference[]> => {
    const letters = await countDeadLetters(snapshot);
    if (letters > 0)
      warnings.set(name, `${name}: ${letters} dead letters are open; npm run events -- dead-letters lists them`);
    return [
      ...(await checkPublished(snapshot, name, outboxMaxAgeMs)),
      ...(await checkConfirmed(snapshot, name, confirmationMaxAgeMs)),
    ];
  };
  // Each check is true of a moment of its own, so it has a snapshot of its own, and checks need not wait for each other.
  const checkDatabase = (name: ServiceName) =>
    collectInParallel(
      [
        ...(checks[name] ?? []).map(
          (check) => () => readSnapshot(targetFor(name), (snapshot) => check(snapshot, { pendingMaxAgeMs })),
        ),
        () => readSnapshot(targetFor(name), (snapshot) => checkMessages(name, snapshot)),
      ],
      CHECKS_AT_ONCE,
    );
  const compare = (comparison: Comparison) =>
    findLastingDifferences(comparison, targetFor(comparison.left), targetFor(comparison.right), settleMs);
  const [checked, compared] = await Promise.all([
    Promise.all(serviceNames.map(checkDatabase)),
    Promise.all(comparisons.map(compare)),
  ]);
  return {
    differences: [...checked.flat(2), ...compared.flat()],
    warnings: serviceNames.flatMap((name) => warnings.get(name) ?? []),
  };
}

/** The databases are not read at one moment, and an event takes a moment: only a difference that lasts counts. */
async function findLastingDifferences(
  { compare }: Comparison,
  left: Target,
  right: Target,
  settleMs: number,
): Promise<readonly Difference[]> {
  const look = (only: readonly string[] | null) =>
    readSnapshot(left, (leftSnapshot) =>
      readSnapshot(right, (rightSnapshot) => compare(leftSnapshot, rightSnapshot, only)),
    );
  let found = await look(null);
  // The first look at large tables may take longer than the whole time.
  const deadline = Date.now() + settleMs;
  while (found.size > 0 && Date.now() < deadline) {
    await pause(PAUSE_MS);
    found = await look([...found.keys()]);
  }
  return [...found.values()];
}
