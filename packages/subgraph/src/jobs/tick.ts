/**
 * Milliseconds until just after the next multiple of an interval, by the clock of the process. Recurring work is done at these times: one
 * wake-up of an idle process costs less than several. Other processes have other times.
 */
export function untilNextTick(intervalMs: number): number {
  return Math.ceil(intervalMs - (performance.now() % intervalMs)) + 1;
}
