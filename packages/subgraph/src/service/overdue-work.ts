import { setTimeout as sleep } from 'node:timers/promises';
import { type ConsumerDefinition, findUnconfirmed, findUnpublished, type SqlExecutor } from '@shop/messaging';
import type { Logger } from '@shop/process';
import { untilNextTick } from '../jobs/tick.ts';

/** Counts work that has waited for longer than the given milliseconds, by what it is. */
export type CountOverdue = (maxAgeMs: number) => Promise<Readonly<Record<string, number>>>;

export interface OverdueOptions {
  /** Executor for the subgraph's database. */
  readonly sql: SqlExecutor;
  /** The consumers of the subgraph's stream. */
  readonly followers: readonly ConsumerDefinition[];
  /** Counts overdue work that only this subgraph has. Default: none. */
  readonly count?: CountOverdue | undefined;
  readonly logger: Logger;
  /** How long work may wait, in milliseconds. Default: 60000. */
  readonly maxAgeMs?: number;
  /** Milliseconds between two looks. Default: 10000. */
  readonly everyMs?: number;
  /** Milliseconds between two warnings while work is overdue. Default: 60000. */
  readonly warnEveryMs?: number;
}

export interface OverdueWork {
  /** How much work of each kind was overdue at the last look, for the health report. */
  readonly counts: () => Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/**
 * Looks for overdue work at intervals: events that are not published, events that a follower lacks, and what the
 * subgraph counts itself. It warns once a minute while there is some. A failed look keeps the last result: that the
 * database is away is reported elsewhere.
 */
export function watchOverdueWork(options: OverdueOptions): OverdueWork {
  const { logger, everyMs = 10_000, warnEveryMs = 60_000 } = options;
  let overdue: Readonly<Record<string, number>> = {};
  let warnedAt = -Infinity;
  const stopping = new AbortController();

  async function look(): Promise<void> {
    overdue = await countOverdue(options);
    const isOverdue = Object.keys(overdue).length > 0;
    if (!isOverdue && warnedAt > -Infinity) {
      logger.info('no work is overdue any more');
      warnedAt = -Infinity;
    }
    if (!isOverdue || performance.now() - warnedAt < warnEveryMs) return;
    warnedAt = performance.now();
    logger.warn({ overdue }, `work is overdue: ${Object.keys(overdue).join(', ')}`);
  }

  async function run(): Promise<void> {
    for (;;) {
      await sleep(untilNextTick(everyMs), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await look().catch((error: unknown) => logger.debug({ err: error }, 'overdue work is not known'));
    }
  }

  const running = run();
  return {
    counts: () => overdue,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function countOverdue({ sql, followers, count, maxAgeMs = 60_000 }: OverdueOptions) {
  const unpublished = await findUnpublished(sql, maxAgeMs);
  const unconfirmed = await findUnconfirmed(sql, followers, maxAgeMs);
  const counts = {
    'events to publish': unpublished?.events ?? 0,
    ...Object.fromEntries(unconfirmed.map(({ follower, events }) => [`events for ${follower}`, events])),
    ...(await count?.(maxAgeMs)),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0));
}
