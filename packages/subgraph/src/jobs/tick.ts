/**
 * Milliseconds until just after the next multiple of an interval, by the clock of the process. What comes again and again in an idle process
 * comes at these times: one awakening for several things costs less than one for each. Other processes have other times.
 */
export function untilNextTick(intervalMs: number): number {
  return Math.ceil(intervalMs - (performance.now() % intervalMs)) + 1;
}
