import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Requirement } from '@shop/access';
import { namedTypeOf } from './schema-index.ts';
import type { SupergraphAccess } from './read-supergraph.ts';

/** What an operation asks of its caller. */
export interface OperationRequirements {
  /** Each requirement once, in the order of the operation. */
  readonly all: readonly Requirement[];
  /** Of the fields that have any. */
  readonly byField: ReadonlyMap<FieldNode, readonly Requirement[]>;
}

/** Fields of a document that the caller may not select, with the requirement that is not met. */
export type Refusals = ReadonlyMap<FieldNode, Requirement>;

/** Finds the protected fields of an operation, its fragments included. The document must be valid. */
export function requirementsOfOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { index, requirementsOf }: SupergraphAccess,
): OperationRequirements {
  const fragments = fragmentsOf(document);
  const byField = new Map<FieldNode, readonly Requirement[]>();
  const seen = new Set<string>();

  function walk({ selections }: SelectionSetNode, type: string): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const requirements = requirementsOf(type, node.name.value);
        if (requirements.length > 0) byField.set(node, requirements);
        const returned = index.fieldTypeOf(type, node.name.value);
        if (node.selectionSet !== undefined && returned !== undefined) walk(node.selectionSet, namedTypeOf(returned));
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        walk(node.selectionSet, node.typeCondition?.name.value ?? type);
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) walk(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  }

  walk(operation.selectionSet, index.rootTypeOf(operation.operation));
  return { all: [...new Set([...byField.values()].flat())], byField };
}

/** @param unmet the requirements that the caller does not meet */
export function refusalsOf({ byField }: OperationRequirements, unmet: ReadonlySet<Requirement>): Refusals {
  const refusals = new Map<FieldNode, Requirement>();
  for (const [field, requirements] of byField) {
    const missing = requirements.find((requirement) => unmet.has(requirement));
    if (missing !== undefined) refusals.set(field, missing);
  }
  return refusals;
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}
