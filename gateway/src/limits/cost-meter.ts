import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Supergraph, Variables } from '../supergraph/index.ts';
import { createCostEstimator, type Estimate, type EstimateCost } from './estimate-cost.ts';

/** Returns the estimated cost of an operation: the objects of its answer by their weights. */
export type CostMeter = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | undefined,
) => number;

/**
 * Estimates once for a parsed document, unless its cost depends on variables. Apollo Server passes the same nodes again.
 *
 * @param estimateCost Default: the estimate of the cost
 */
export function createCostMeter(
  supergraph: Supergraph,
  estimateCost: EstimateCost = createCostEstimator(supergraph),
): CostMeter {
  const estimates = new WeakMap<OperationDefinitionNode, Estimate>();
  return (document, operation, variables) => {
    const known = estimates.get(operation);
    if (known !== undefined) return known.cost;
    const found = estimateCost(document, operation, variables);
    if (!found.dependsOnVariables) estimates.set(operation, found);
    return found.cost;
  };
}
