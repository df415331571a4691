import type { Logger } from '../log/create-logger.ts';

/** The register in which a service's parts record, during the start, how to stop them in reverse order. */
export interface Lifetime {
  /** Aborted as soon as stopping begins. */
  readonly stopping: AbortSignal;
  /**
   * Registers how to stop a part. The last registered part is stopped first. A part that is registered after stopping
   * has begun is stopped at once.
   */
  onStop(label: string, stop: () => Promise<void> | void): void;
}

/**
 * A {@link Lifetime} that can be ended. `stop()` never rejects. It resolves to whether all parts stopped without an
 * error.
 */
export interface EndableLifetime extends Lifetime {
  stop(): Promise<boolean>;
}

export function createLifetime(logger: Logger): EndableLifetime {
  const controller = new AbortController();
  const steps: { label: string; stop: () => Promise<void> | void }[] = [];
  let ended: Promise<boolean> | undefined;
  let hasEnded = false;

  async function stopOne(step: (typeof steps)[number]): Promise<boolean> {
    try {
      await step.stop();
      return true;
    } catch (error) {
      logger.error({ err: error, step: step.label }, 'could not be stopped cleanly');
      return false;
    }
  }

  async function stopAll(): Promise<boolean> {
    let isClean = true;
    // Parts may be added while others stop, if stopping begins during the start.
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) isClean = (await stopOne(step)) && isClean;
    hasEnded = true;
    return isClean;
  }

  return {
    stopping: controller.signal,
    onStop(label, stop) {
      // The loop in stopAll() has ended: a late part is stopped here.
      if (hasEnded) void stopOne({ label, stop });
      else steps.push({ label, stop });
    },
    stop() {
      controller.abort();
      ended ??= stopAll();
      return ended;
    },
  };
}
