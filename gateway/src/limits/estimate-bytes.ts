import { getResponseName, findScalarBytes, type Supergraph } from '../supergraph/index.ts';
import { createCostEstimator, type EstimateCost } from './estimate-cost.ts';

/** Quotes, a colon and a comma. */
const signs = 4;

/**
 * Estimates how many bytes the answer of an operation has as JSON: its names as the operation gives them, its values by their types,
 * its lists as the estimate of the cost sizes them.
 */
export function createByteEstimator(supergraph: Supergraph): EstimateCost {
  return createCostEstimator(
    supergraph,
    (node, field) => getResponseName(node).length + signs + (field?.cost.bytes ?? findScalarBytes('String')),
  );
}
