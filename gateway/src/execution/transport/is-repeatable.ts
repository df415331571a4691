import { Kind, OperationTypeNode, valueFromASTUntyped } from 'graphql';
import { addDefaults, forEachIncludedField, indexFragments, type Supergraph } from '../../supergraph/index.ts';
import type { SubgraphOperation } from './find-failed-paths.ts';

/**
 * Tells whether an operation may be sent again after a connection broke, when the subgraph may have executed it: a query, or a mutation
 * in which each root field has an `idempotencyKey`. A repeated key returns the first result (docs/architecture.md, rule 7).
 */
export function isRepeatable(operation: SubgraphOperation, supergraph: Supergraph): boolean {
  const definition = operation.document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (definition?.operation === OperationTypeNode.QUERY) return true;
  if (definition?.operation !== OperationTypeNode.MUTATION) return false;

  const variables = addDefaults(definition, operation.variables);
  const options = { fragments: indexFragments(operation.document), variables, supergraph };
  let hasKeys = true;
  forEachIncludedField(definition.selectionSet, undefined, options, (field) => {
    if (field.name.value === '__typename') return;
    const values = (field.arguments ?? []).map(({ value }) => valueFromASTUntyped(value, variables));
    hasKeys &&= values.some(hasIdempotencyKey);
  });
  return hasKeys;
}

function hasIdempotencyKey(value: unknown): boolean {
  return typeof (value as { idempotencyKey?: unknown } | null | undefined)?.idempotencyKey === 'string';
}
