/** The limits of one operation. */
export interface OperationLimits {
  /** Nested levels of fields. Introspection is not counted. */
  readonly maxDepth: number;
  /** Fields and fragments, each counted as often as it is spread. */
  readonly maxSelections: number;
  /** Different aliases of root fields. */
  readonly maxAliases: number;
  /** Objects in the answer, estimated by `@listSize` and `@cost` of the supergraph. */
  readonly maxCost: number;
  /** Calls to subgraphs, estimated. */
  readonly maxFetches: number;
  /** Bytes of the answer, estimated by the types of its values. */
  readonly maxResponseBytes: number;
}

/**
 * A full page of 100 orders with 20 lines each, every line with its product and three prices, costs about 12,000. A page of
 * pages of pages exceeds the cost limit.
 */
export const defaultLimits: OperationLimits = {
  maxDepth: 12,
  maxSelections: 1_000,
  maxAliases: 100,
  maxCost: 20_000,
  maxFetches: 50,
  maxResponseBytes: 4_000_000,
};
