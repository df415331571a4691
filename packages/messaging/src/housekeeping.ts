import { pause } from './async/pause.ts';
import type { Logger } from './logger.ts';
import { Outage } from './outage.ts';
import type { SqlExecutor } from './sql.ts';

/** Options of {@link startHousekeeping}. */
export interface HousekeepingOptions {
  /** The database that has outbox and inbox; each statement is its own transaction. */
  readonly sql: SqlExecutor;
  readonly logger: Logger;
  /** How long published events are kept, in milliseconds. Default 7 days: as long as the stream keeps them, so that it can be healed. */
  readonly outboxRetentionMs?: number;
  /** How long the ids of handled messages are kept, in milliseconds. Default 14 days; longer than a message can come again. */
  readonly inboxRetentionMs?: number;
  /** How often it is done, in milliseconds. Default 10 minutes. */
  readonly everyMs?: number;
  /** Rows that a statement deletes. Default 1000: few enough that nobody waits for it. */
  readonly batchSize?: number;
}

/** A running housekeeping. */
export interface Housekeeping {
  /** Finishes the statement at hand. */
  stop(): Promise<void>;
}

const day = 24 * 60 * 60_000;

// By the stream's order, for which there is an index: the oldest published rows come first, so the first rows tell whether any is old enough.
// Rows are named by where they lie (ctid), which holds since they are locked: the planner would rather read the whole table for a join.
const deletePublished = `
WITH oldest AS (
  SELECT ctid AS place, published_at FROM outbox WHERE stream_created IS NOT NULL
  ORDER BY stream_created, stream_sequence LIMIT $2::int FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM outbox WHERE ctid = ANY(ARRAY(SELECT place FROM oldest WHERE published_at < now() - make_interval(secs => $1::float8)))
  RETURNING 1
) SELECT count(*)::int AS count FROM deleted`;

const deleteReceived = `
WITH oldest AS (
  SELECT ctid AS place FROM inbox WHERE received_at < now() - make_interval(secs => $1::float8)
  ORDER BY received_at LIMIT $2::int FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM inbox WHERE ctid = ANY(ARRAY(SELECT place FROM oldest)) RETURNING 1
) SELECT count(*)::int AS count FROM deleted`;

/** Deletes what is no longer needed from outbox and inbox, now and then, in small batches. Any number of replicas may. */
export function startHousekeeping(options: HousekeepingOptions): Housekeeping {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return { stop: () => (stopping.abort(), running) };
}

async function run(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const { logger, outboxRetentionMs = 7 * day, inboxRetentionMs = 14 * day, everyMs = 10 * 60_000 } = options;
  const outage = new Outage(logger, 'housekeeping of outbox and inbox');
  while (!signal.aborted) {
    try {
      const outbox = await sweep(options, deletePublished, outboxRetentionMs, signal);
      const inbox = await sweep(options, deleteReceived, inboxRetentionMs, signal);
      outage.ends();
      if (outbox + inbox > 0) logger.debug({ outbox, inbox }, 'old rows of outbox and inbox were deleted');
    } catch (error) {
      outage.begins(error);
    }
    // Spread, so that replicas that started together do not always work at the same time.
    await pause(everyMs * (0.75 + Math.random() / 2), signal);
  }
}

async function sweep(
  { sql, batchSize = 1_000 }: HousekeepingOptions,
  text: string,
  retentionMs: number,
  signal: AbortSignal,
): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await sql.query<{ count: number }>(text, [retentionMs / 1000, batchSize]);
    total += row?.count ?? 0;
    if ((row?.count ?? 0) < batchSize || signal.aborted) return total;
  }
}
