/** In this order a stack is stopped: who calls before who is called, and the data directory when nothing uses it any more. */
const PHASES = ['gateway', 'subgraphs', 'broker', 'database', 'data directory'] as const;
export type StopPhase = (typeof PHASES)[number];

/** Collects, while a stack is being put together, how its parts are stopped. */
export interface StopOrder {
  /**
   * Registers a part; do it before the part is started, so that a part that is just starting is stopped as well.
   *
   * @throws Error when the stack is stopping: the part must not be started.
   */
  add(phase: StopPhase, stop: () => Promise<unknown>): void;
  /** Stops everything, phase by phase, the parts of a phase together. A second call waits for the first. */
  stop(): Promise<void>;
}

export function createStopOrder(): StopOrder {
  const parts = new Map<StopPhase, (() => Promise<unknown>)[]>();
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const phase of PHASES) {
      const results = await Promise.allSettled((parts.get(phase) ?? []).map((stop) => stop()));
      failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add(phase, stop) {
      if (stopping !== undefined) throw new Error('The stack is stopping.');
      parts.set(phase, [...(parts.get(phase) ?? []), stop]);
    },
    stop: () => (stopping ??= stopAll()),
  };
}
