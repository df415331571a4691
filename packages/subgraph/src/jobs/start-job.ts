import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@shop/process';

/** Work that is due at a time. Any number of replicas run it, and share the work. */
export interface Job<Dependencies> {
  /** A phrase for the log, such as `deleting old rows`. */
  readonly name: string;
  /** Milliseconds between two rounds. */
  readonly everyMs: number;
  /** Does one batch of due work. Returns `true` when there may be more. Then the next batch follows without a pause. */
  readonly work: (dependencies: Dependencies) => Promise<boolean>;
}

/** A running job. */
export interface RunningJob {
  /** Stops the job after the current batch. */
  stop(): Promise<void>;
}

/**
 * Runs a job at once, and then again after each pause. Failed work is retried after the pause. The log reports once
 * that it fails, and once that it works again.
 */
export function startJob<Dependencies>(job: Job<Dependencies>, dependencies: Dependencies, logger: Logger): RunningJob {
  const stopping = new AbortController();
  const running = run(job, dependencies, logger, stopping.signal);
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
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await work(dependencies)));
      if (isFailing) logger.info(`${name} works again`);
      isFailing = false;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, `${name} fails; it is tried again`);
      isFailing = true;
    }
    // Rejects when the signal aborts, which the loop sees.
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
