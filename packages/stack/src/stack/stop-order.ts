/** The order in which a stack is stopped: callers first, then the servers that they call, the data directory last. */
const PHASES = ['gateway', 'subgraphs', 'mailbox', 'broker', 'database', 'data directory'] as const;
export type StopPhase = (typeof PHASES)[number];

/** Collects how to stop each part while a stack starts. */
export interface StopOrder {
  /**
   * Registers a part. Call it before the part starts, so that a part that is starting is stopped as well.
   *
   * @throws Error when the stack is stopping. Then the part must not start.
   */
  add(phase: StopPhase, stop: () => Promise<unknown>): void;
  /** Stops everything, phase by phase. The parts of a phase stop at the same time. A second call waits for the first. */
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
