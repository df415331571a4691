import type { Requirement } from '@shop/access';
import type { DocumentNode, FieldNode, OperationDefinitionNode } from 'graphql';
import { forEachField, type Supergraph } from '../supergraph/index.ts';

/** The requirements that an operation places on its caller. */
export interface OperationRequirements {
  /** Each requirement once, in the order of the operation. */
  readonly all: readonly Requirement[];
  /** The requirements by field. Fields without one are left out. */
  readonly byField: ReadonlyMap<FieldNode, readonly Requirement[]>;
}

/** Fields of a document that the caller may not select, with the requirement that is not met. */
export type Refusals = ReadonlyMap<FieldNode, Requirement>;

/** Finds the protected fields of an operation, its fragments included. The document must be valid. */
export function findRequirements(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  supergraph: Supergraph,
): OperationRequirements {
  const byField = new Map<FieldNode, readonly Requirement[]>();
  forEachField(document, operation, supergraph, (field, type) => {
    const requirements = supergraph.getRequirements(type, field.name.value);
    if (requirements.length > 0) byField.set(field, requirements);
  });
  return { all: [...new Set([...byField.values()].flat())], byField };
}

/** @param unmet the requirements that the caller does not meet */
export function findRefusals({ byField }: OperationRequirements, unmet: ReadonlySet<Requirement>): Refusals {
  const refusals = new Map<FieldNode, Requirement>();
  for (const [field, requirements] of byField) {
    const missing = requirements.find((requirement) => unmet.has(requirement));
    if (missing !== undefined) refusals.set(field, missing);
  }
  return refusals;
}
