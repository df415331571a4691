import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@shop/process';

export interface TimerOptions {
  /** What it does, for the log: `expiring orders`. */
  readonly name: string;
  readonly everyMs: number;
  readonly logger: Logger;
  /** Does what is due. Returns early, at a point where nothing is half done, once the signal aborts. */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

export interface Timer {
  /** Waits for the work at hand. */
  stop(): Promise<void>;
}

/**
 * Does work at once, and again and again with a pause in between. Work that fails is tried again after the pause: the log
 * says once that it fails, and once that it works again.
 */
export function startTimer(options: TimerOptions): Timer {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function run({ name, everyMs, logger, work }: TimerOptions, signal: AbortSignal): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    try {
      await work(signal);
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
