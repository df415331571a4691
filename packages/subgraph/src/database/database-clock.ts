import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlExecutor } from '@shop/messaging';
import { type Logger, notableClockDifferenceMs } from '@shop/process';
import { untilNextTick } from '../jobs/tick.ts';

/** The clock of a database, as this process estimates it. */
export interface DatabaseClock {
  /**
   * The time of the database. Stored times are written and compared with it, so that the clocks of replicas and of the database need
   * not agree. Until the database was reached once, it is the time of this process.
   */
  now(): Date;
  /** Milliseconds by which this process's clock is ahead of the database's. Undefined until the database was reached. */
  readDifference(): number | undefined;
  stop(): Promise<void>;
}

export interface DatabaseClockOptions {
  readonly sql: SqlExecutor;
  readonly logger: Logger;
  /** Milliseconds between two measurements. Default: 10000. */
  readonly everyMs?: number;
  /** Milliseconds since any fixed moment, by a clock that nobody sets. Default: `performance.now`. */
  readonly steady?: () => number;
  /** Milliseconds since the epoch by this host's clock. Default: `Date.now`. */
  readonly wall?: () => number;
}

/** A slower answer says too little about the time. */
const MAX_ROUND_TRIP_MS = 1_000;
/** The pause after a measurement that failed. */
const RETRY_MS = 1_000;

/**
 * Measures the database's clock at once, and then again after each pause. Between measurements a clock of the process that nobody sets
 * counts on, so that a step of the host's clock changes nothing. The error is half of a round trip at most.
 *
 * Resolves after the first measurement, also when that failed.
 */
export async function startDatabaseClock(options: DatabaseClockOptions): Promise<DatabaseClock> {
  const { sql, logger, everyMs = 10_000, steady = () => performance.now(), wall = () => Date.now() } = options;
  const stopping = new AbortController();
  let offset: number | undefined;
  let wasReported = false;

  async function measure(): Promise<boolean> {
    const asked = steady();
    const rows = await sql
      .query<{ ms: number }>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms')
      .catch(() => []);
    const answered = steady();
    const ms = rows[0]?.ms;
    // The database's absence is reported by what needs it.
    if (ms === undefined || answered - asked > MAX_ROUND_TRIP_MS) return false;
    offset = ms - (asked + answered) / 2;
    report();
    return true;
  }

  function readDifference(): number | undefined {
    return offset === undefined ? undefined : Math.round(wall() - steady() - offset);
  }

  function report(): void {
    const differenceMs = readDifference() ?? 0;
    const isNotable = Math.abs(differenceMs) > notableClockDifferenceMs;
    if (isNotable && !wasReported)
      logger.warn(
        { differenceMs },
        'the clocks of this host and of the database differ; stored times follow the database',
      );
    wasReported = isNotable;
  }

  async function run(wasMeasured: boolean): Promise<void> {
    for (let isMeasured = wasMeasured; ; isMeasured = await measure()) {
      await sleep(isMeasured ? untilNextTick(everyMs) : RETRY_MS, undefined, { signal: stopping.signal }).catch(
        () => {},
      );
      if (stopping.signal.aborted) return;
    }
  }

  const running = run(await measure());
  return {
    now: () => new Date(Math.round(offset === undefined ? wall() : steady() + offset)),
    readDifference,
    stop() {
      stopping.abort();
      return running;
    },
  };
}
