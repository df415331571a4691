import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { createCodedError } from '@shop/graphql';
import type { GraphQLError, DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Supergraph, Variables } from '../supergraph/index.ts';
import { createCostEstimator, type Estimate } from './estimate-cost.ts';
import { measureStructure, type Structure } from './measure-structure.ts';
import type { OperationLimits } from './operation-limits.ts';

/**
 * Rejects operations that exceed a limit with 400, before access, planning and execution: the planner's time and the answer's
 * size can grow exponentially with the document's length.
 */
export function limitOperations(options: {
  limits: OperationLimits;
  supergraph: Supergraph;
}): ApolloServerPlugin<BaseContext> {
  const { limits, supergraph } = options;
  const estimateCost = createCostEstimator(supergraph);
  // Apollo Server keeps parsed documents, and passes the same nodes again.
  const structures = new WeakMap<DocumentNode, Structure>();
  const estimates = new WeakMap<OperationDefinitionNode, Estimate>();

  function measure(document: DocumentNode): Structure {
    let structure = structures.get(document);
    if (structure === undefined) structures.set(document, (structure = measureStructure(document)));
    return structure;
  }

  function estimate(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables | undefined,
  ): number {
    const known = estimates.get(operation);
    if (known !== undefined) return known.cost;
    const found = estimateCost(document, operation, variables);
    if (!found.dependsOnVariables) estimates.set(operation, found);
    return found.cost;
  }

  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, document, request }) {
          if (operation === undefined) return;
          const { depth, selections, aliases } = measure(document);
          requireAtMost(limits.maxDepth, depth, 'DEPTH', 'levels of fields');
          requireAtMost(limits.maxSelections, selections, 'SELECTION', 'fields and fragments');
          requireAtMost(limits.maxAliases, aliases, 'ALIAS', 'aliases of root fields');
          requireAtMost(
            limits.maxCost,
            estimate(document, operation, request.variables),
            'COST',
            'objects by estimate',
          );
        },
      };
    },
  };
}

type Kind = 'DEPTH' | 'SELECTION' | 'ALIAS' | 'COST';

function requireAtMost(limit: number, actual: number, kind: Kind, things: string): void {
  if (actual > limit) throw exceeded(limit, actual, kind, things);
}

function exceeded(limit: number, actual: number, kind: Kind, things: string): GraphQLError {
  return createCodedError(`${kind}_LIMIT_EXCEEDED`, {
    message: `The operation is too large: it has ${actual} ${things}, and the limit is ${limit}.`,
    extensions: { limit, actual },
    setsStatus: true,
  });
}
