/** The load of one instance of a subgraph. */
export interface InstanceLoad {
  /** True when its breaker lets a call through. */
  readonly isAvailable: boolean;
  /** The number of calls in flight. */
  readonly inFlight: number;
}

/**
 * Chooses the available instance with the fewest calls in flight, and among equals a random one.
 *
 * @returns undefined when none is available
 */
export function chooseInstance<Instance extends InstanceLoad>(
  instances: readonly Instance[],
  random: () => number = Math.random,
): Instance | undefined {
  let chosen: Instance | undefined;
  let equals = 0;
  for (const instance of instances) {
    if (!instance.isAvailable) continue;
    if (chosen === undefined || instance.inFlight < chosen.inFlight) [chosen, equals] = [instance, 1];
    else if (instance.inFlight === chosen.inFlight) {
      equals += 1;
      // Each of the equals is chosen with the same probability.
      if (random() * equals < 1) chosen = instance;
    }
  }
  return chosen;
}
