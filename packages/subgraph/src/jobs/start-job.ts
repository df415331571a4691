import { setTimeout as sleep } from 'node:timers/promises';
import { traceTask } from '@shop/messaging';
import type { Logger } from '@shop/process';
import type { JobObserver } from '../telemetry/job-metrics.ts';
import type { Activity } from './activity.ts';

/** Work that is due at a time. Any number of replicas run it, and share the work. */
export interface Job<Dependencies> {
  /** A phrase for the log, such as `deleting old rows`. */
  readonly name: string;
  /** Milliseconds between two rounds. Up to five seconds while nothing happens. */
  readonly everyMs: number;
  /** Does one batch of due work. Returns `true` when there may be more. Then the next batch follows without a pause. */
  readonly work: (dependencies: Dependencies) => Promise<boolean>;
}

/** A running job. */
export interface RunningJob {
  /** Stops the job after the current batch. */
  stop(): Promise<void>;
}

interface JobSurroundings {
  readonly logger: Logger;
  /** Of the process. Default: unknown, so that all pauses are equal. */
  readonly activity?: Activity;
  /** Learns of each round. Default: nobody. */
  readonly observer?: JobObserver;
}

/**
 * Runs a job at once, and then again after each pause. Failed work is retried after the pause. The log reports once
 * that it fails, and once that it works again.
 */
export function startJob<Dependencies>(
  job: Job<Dependencies>,
  dependencies: Dependencies,
  surroundings: JobSurroundings,
): RunningJob {
  const stopping = new AbortController();
  const running = run(job, dependencies, surroundings, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function run<Dependencies>(
  { name, everyMs, work }: Job<Dependencies>,
  dependencies: Dependencies,
  { logger, observer, activity }: JobSurroundings,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const finish = (isFailed: boolean): void =>
      observer?.finished({ job: name, isFailed, seconds: (performance.now() - startedAt) / 1_000 });
    try {
      while (!signal.aborted && (await traceTask(name, () => work(dependencies))));
      finish(false);
      if (isFailing) logger.info(`${name} works again`);
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, `${name} fails; it is tried again`);
      isFailing = true;
      finish(true);
    }
    if (activity !== undefined) await activity.rest(everyMs, signal);
    // Rejects when the signal aborts, which the loop sees.
    else await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
