import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { estimateCost, type Estimate } from './estimate-cost.ts';
import { fragmentsOf } from './fragments.ts';
import { measureStructure, type Structure } from './measure-structure.ts';
import type { OperationLimits } from './operation-limits.ts';
import type { Costs } from './read-costs.ts';

/**
 * Refuses operations that ask for too much, with 400, before anything is decided, planned or fetched for them: a planner's
 * time and an answer's size can grow as a power of the document's length.
 */
export function limitOperations(options: { limits: OperationLimits; costs: Costs }): ApolloServerPlugin<BaseContext> {
  const { limits, costs } = options;
  // Apollo Server keeps parsed documents, and gives the same nodes again.
  const structures = new WeakMap<DocumentNode, Structure>();
  const estimates = new WeakMap<OperationDefinitionNode, Estimate>();

  function structureOf(document: DocumentNode): Structure {
    let structure = structures.get(document);
    if (structure === undefined) structures.set(document, (structure = measureStructure(document)));
    return structure;
  }

  function costOf(
    operation: OperationDefinitionNode,
    document: DocumentNode,
    variables: Record<string, unknown> | undefined,
  ): number {
    const known = estimates.get(operation);
    if (known !== undefined) return known.cost;
    const estimate = estimateCost(operation, fragmentsOf(document), { costs, variables });
    if (!estimate.dependsOnVariables) estimates.set(operation, estimate);
    return estimate.cost;
  }

  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, document, request }) {
          if (operation === undefined) return;
          const { depth, selections, aliases } = structureOf(document);
          if (depth > limits.maxDepth) throw exceeded('DEPTH', 'levels of fields', limits.maxDepth, depth);
          if (selections > limits.maxSelections)
            throw exceeded('SELECTION', 'fields and fragments', limits.maxSelections, selections);
          if (aliases > limits.maxAliases)
            throw exceeded('ALIAS', 'aliases of root fields', limits.maxAliases, aliases);
          const cost = costOf(operation, document, request.variables);
          if (cost > limits.maxCost) throw exceeded('COST', 'objects by estimate', limits.maxCost, cost);
        },
      };
    },
  };
}

function exceeded(
  kind: 'DEPTH' | 'SELECTION' | 'ALIAS' | 'COST',
  things: string,
  limit: number,
  actual: number,
): GraphQLError {
  return new GraphQLError(`The operation asks for too much: ${actual} ${things}, and ${limit} is the limit.`, {
    extensions: { code: `${kind}_LIMIT_EXCEEDED`, limit, actual, http: { status: 400 } },
  });
}
