import { pause } from './async/wait.ts';
import type { Logger } from './logger.ts';
import { Outage } from './outage.ts';
import type { SqlExecutor } from './sql.ts';
import { durableName } from './topology.ts';
import type { ConsumerDefinition } from './topology.ts';

/** Options of {@link startHousekeeping}. */
export interface HousekeepingOptions {
  /** Executor for the database that has outbox and inbox. Each statement must be its own transaction. */
  readonly sql: SqlExecutor;
  readonly logger: Logger;
  /** The consumers of this service's stream. The outbox keeps an event until each of them has confirmed it. */
  readonly followers: readonly ConsumerDefinition[];
  /** Milliseconds to keep published events at least. Default: 7 days. */
  readonly outboxRetentionMs?: number;
  /** Milliseconds to keep the ids of handled messages. Default: 14 days, longer than the broker can deliver a message again. */
  readonly inboxRetentionMs?: number;
  /** Milliseconds between two runs. Default: 10 minutes. */
  readonly everyMs?: number;
  /** Maximum number of rows that a statement deletes. Default: 1000, few enough that no other statement waits long. */
  readonly batchSize?: number;
}

/** Running housekeeping. */
export interface Housekeeping {
  /** Finishes the current statement and stops. */
  stop(): Promise<void>;
}

const day = 24 * 60 * 60_000;

// The rows are found by their physical place (ctid), which is stable while they are locked. For a join by key, the planner would read
// the whole table.
const deleteConfirmed = `
WITH confirmed AS (
  SELECT coalesce(min(coalesce(confirmed_sequence, 0)), 9223372036854775807) AS sequence
  FROM unnest(string_to_array($3::text, ',')) AS name LEFT JOIN outbox_followers ON consumer = name
), oldest AS (
  SELECT ctid AS place, published_at FROM outbox
  WHERE sequence <= (SELECT sequence FROM confirmed) AND published_at IS NOT NULL
    AND sequence <> ALL(ARRAY(SELECT unnest(open_sequences) FROM outbox_followers
      WHERE consumer = ANY(string_to_array($3::text, ','))))
  ORDER BY sequence LIMIT $2::int FOR UPDATE SKIP LOCKED
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

/** Deletes old rows from outbox and inbox at intervals, in small batches. Any number of replicas may run it. */
export function startHousekeeping(options: HousekeepingOptions): Housekeeping {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

async function run(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  const {
    logger,
    followers,
    outboxRetentionMs = 7 * day,
    inboxRetentionMs = 14 * day,
    everyMs = 10 * 60_000,
  } = options;
  const outage = new Outage(logger, 'housekeeping of outbox and inbox');
  const names = followers.map((follower) => durableName(follower)).join(',');
  while (!signal.aborted) {
    try {
      const outbox = await deleteOldRows(options, deleteConfirmed, [outboxRetentionMs / 1000, names], signal);
      const inbox = await deleteOldRows(options, deleteReceived, [inboxRetentionMs / 1000], signal);
      outage.ends();
      if (outbox + inbox > 0) logger.debug({ outbox, inbox }, 'deleted old rows from outbox and inbox');
    } catch (error) {
      outage.begins(error);
    }
    // At random, so that replicas that started together do not always work at the same time.
    await pause(everyMs * (0.75 + Math.random() / 2), signal);
  }
}

async function deleteOldRows(
  { sql, batchSize = 1_000 }: HousekeepingOptions,
  text: string,
  [retentionSeconds, ...more]: readonly unknown[],
  signal: AbortSignal,
): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await sql.query<{ count: number }>(text, [retentionSeconds, batchSize, ...more]);
    total += row?.count ?? 0;
    if ((row?.count ?? 0) < batchSize || signal.aborted) return total;
  }
}
