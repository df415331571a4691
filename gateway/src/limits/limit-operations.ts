import { createCodedError } from '@shop/graphql';
import type { GraphQLError, DocumentNode, OperationDefinitionNode } from 'graphql';
import type { OperationCheck } from '../stage.ts';
import type { Supergraph, Variables } from '../supergraph/index.ts';
import { createCostMeter, type CostMeter } from './cost-meter.ts';
import { createByteEstimator } from './estimate-bytes.ts';
import { estimateFetches } from './estimate-fetches.ts';
import { measureStructure } from './measure-structure.ts';
import type { OperationLimits } from './operation-limits.ts';

/**
 * Rejects operations that exceed a limit with 400, before access, planning and execution: the planner's time and the answer's
 * size can grow exponentially with the document's length.
 */
export function limitOperations(options: {
  limits: OperationLimits;
  meter: CostMeter;
  supergraph: Supergraph;
}): OperationCheck {
  const { limits, meter, supergraph } = options;
  const measureBytes = createCostMeter(supergraph, createByteEstimator(supergraph));
  // Parsed documents are kept, so the same nodes come again.
  const fetches = new WeakMap<OperationDefinitionNode, number>();

  function countFetches(document: DocumentNode, operation: OperationDefinitionNode): number {
    let count = fetches.get(operation);
    if (count === undefined)
      fetches.set(operation, (count = estimateFetches(document, operation, supergraph, limits.maxFetches)));
    return count;
  }

  return ({ operation, document, variables }) => {
    if (operation === undefined) return;
    requireFewVariables(variables);
    const { depth, selections, aliases, repetitions } = measureStructure(document);
    requireAtMost(maxRepetitions, repetitions, 'SELECTION', 'repetitions of a field in one place', 'Select it once.');
    requireAtMost(limits.maxDepth, depth, 'DEPTH', 'levels of fields', 'Nest fewer fields.');
    requireAtMost(limits.maxSelections, selections, 'SELECTION', 'fields and fragments', 'Split it.');
    requireAtMost(limits.maxAliases, aliases, 'ALIAS', 'aliases of root fields', 'Split it.');
    const cost = meter(document, operation, variables);
    requireAtMost(limits.maxCost, cost, 'COST', 'objects by estimate', 'Ask for smaller pages or fewer fields.');
    const bytes = measureBytes(document, operation, variables);
    requireAtMost(
      limits.maxResponseBytes,
      bytes,
      'RESPONSE_SIZE',
      'bytes in its answer by estimate',
      'Ask for smaller pages or fewer fields.',
    );
    const calls = countFetches(document, operation);
    requireAtMost(limits.maxFetches, calls, 'FETCH', 'calls to services by estimate', 'Split it.');
  };
}

/** No document has more variables than tokens, and one that needs hundreds should use lists. */
const maxVariables = 500;

/** Tools merge fields that they select several times. */
const maxRepetitions = 50;

function requireFewVariables(variables: Variables | undefined): void {
  const actual = Object.keys(variables ?? {}).length;
  if (actual <= maxVariables) return;
  throw createCodedError('BAD_USER_INPUT', {
    message: `The request has ${actual} variables, and the limit is ${maxVariables}.`,
    setsStatus: true,
  });
}

type Kind = 'DEPTH' | 'SELECTION' | 'ALIAS' | 'COST' | 'RESPONSE_SIZE' | 'FETCH';

/** @param advice what the client should do */
function requireAtMost(limit: number, actual: number, kind: Kind, things: string, advice: string): void {
  if (actual > limit) throw exceeded(limit, actual, kind, things, advice);
}

function exceeded(limit: number, actual: number, kind: Kind, things: string, advice: string): GraphQLError {
  return createCodedError(`${kind}_LIMIT_EXCEEDED`, {
    message: `The operation is too large: it has ${actual} ${things}, and the limit is ${limit}. ${advice}`,
    extensions: { limit, actual },
    setsStatus: true,
  });
}
