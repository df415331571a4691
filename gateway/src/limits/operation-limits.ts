/** What an operation may ask for. */
export interface OperationLimits {
  /** Levels of fields below each other; introspection is not counted. */
  readonly maxDepth: number;
  /** Fields and fragments, each as often as it is spread. */
  readonly maxSelections: number;
  /** Different aliases of root fields. */
  readonly maxAliases: number;
  /** Objects in the answer, as the supergraph's `@listSize` and `@cost` make one expect. */
  readonly maxCost: number;
}

/**
 * A full page of 100 orders with 20 lines each, every line with its product and three prices, costs about 12,000; a nested
 * page of a page of a page does not pass.
 */
export const defaultLimits: OperationLimits = { maxDepth: 12, maxSelections: 1_000, maxAliases: 100, maxCost: 20_000 };
