import { untilNextTick } from './tick.ts';

/** The longest pause of a job that finds nothing, in milliseconds. A job that pauses for longer anyway is not affected. */
const LONGEST_MS = 5_000;
/** A pause is this part of the time without activity, so that work which comes due after a while is late by as much at most. */
const PART = 1 / 4;

/**
 * The last time that this process had something to do: a request or an event. Jobs that look for work look less often while nothing
 * happens, since an idle system would otherwise spend most of its processor time on that.
 */
export class Activity {
  #lastAt = performance.now();
  readonly #resting = new Set<() => void>();

  /** Notes that something happens. */
  note(): void {
    this.#lastAt = performance.now();
    for (const shorten of this.#resting) shorten();
  }

  /**
   * Pauses for `everyMs`, or for up to five seconds while nothing happens. When something happens meanwhile, the pause ends `everyMs` after
   * that at the latest. It ends at once when the signal aborts.
   */
  rest(everyMs: number, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const quietMs = Math.min((startedAt - this.#lastAt) * PART, LONGEST_MS);
    // The longest pauses of all jobs end at the same time: one wake-up of an idle process costs less than one for each job.
    const pauseMs = Math.max(quietMs === LONGEST_MS ? untilNextTick(LONGEST_MS) : quietMs, everyMs);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#resting.delete(shorten);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const shorten = (): void => {
        this.#resting.delete(shorten);
        clearTimeout(timer);
        timer = setTimeout(end, Math.min(everyMs, startedAt + pauseMs - performance.now()));
      };
      let timer = setTimeout(end, pauseMs);
      if (pauseMs > everyMs) this.#resting.add(shorten);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}
