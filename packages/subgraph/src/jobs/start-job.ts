import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@shop/process';

/** Work that is due by the clock. Any number of replicas run it, and share what is due. */
export interface Job<Dependencies> {
  /** A phrase for the log, such as `deleting old rows`. */
  readonly name: string;
  /** Milliseconds between two rounds. */
  readonly everyMs: number;
  /** Does one batch of what is due. Returns `true` when there may be more, which is then done without a pause. */
  readonly work: (dependencies: Dependencies) => Promise<boolean>;
}

/** A job that runs. */
export interface RunningJob {
  /** Waits for the batch at hand. */
  stop(): Promise<void>;
}

/**
 * Runs a job at once, and then again after each pause. Work that fails is tried again after the pause. The log says once that it
 * fails, and once that it works again.
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
