import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  Kind,
  parse,
  type FieldNode,
  type GraphQLCompositeType,
  type OperationDefinitionNode,
} from 'graphql';
import { indexFragments, listConditions, type Fragments } from '../documents.ts';
import type { SupergraphFacts } from '../facts.ts';
import type { FetchNode, PlanNode } from '../plan/plan.ts';
import { collectFields, type SelectionSource } from '../write/collect-fields.ts';

export interface WholeFetchOptions {
  readonly facts: SupergraphFacts;
  /** The client's operation. */
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** The name of a field in the data of subgraphs. */
  readonly getDataName: (field: FieldNode) => string;
}

/** Selection sets that are compared: those below an interface for each of its types, and so on. With more, the data are read. */
const maxCompared = 1_000;
const none: ReadonlyMap<string, boolean> = new Map();

/**
 * Finds the call whose data are the answer, as they are: it is the only one, and selects for each type the same fields in the same
 * order. Then the data need not be read, if the subgraph vouches for them.
 *
 * Not every such call is found: one with variables in its conditions is not, nor one with values that clients do not see.
 */
export function findWholeFetch(
  plan: PlanNode | undefined,
  { facts, operation, fragments, getDataName }: WholeFetchOptions,
): FetchNode | undefined {
  const { schema } = facts;
  if (plan?.kind !== 'fetch' || plan.requires !== undefined || plan.path.length > 0) return undefined;
  if (plan.inputRewrites.length + plan.outputRewrites.length > 0) return undefined;
  const document = parse(plan.operation, { noLocation: true });
  const fetched = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const root = schema.getRootType(operation.operation);
  if (fetched === undefined || fetched.operation !== operation.operation || root == null) return undefined;
  if (listConditions([operation, ...fragments.values(), document]).size > 0) return undefined;
  const ours = { facts, fragments, conditions: none, refusals: new Map<FieldNode, never>() };
  const theirs = { ...ours, fragments: indexFragments(document) };

  let compared = 0;

  function areEqualFor(type: string, wanted: readonly SelectionSource[], brought: readonly SelectionSource[]): boolean {
    compared += 1;
    if (compared > maxCompared) return false;
    const parent = schema.getType(type);
    const [want, bring] = [collectFields(wanted, type, ours), [...collectFields(brought, type, theirs)]];
    if (want.size !== bring.length || parent == null || !('getFields' in parent)) return false;
    let index = 0;
    for (const [name, { allowed }] of want) {
      const [otherName, other] = bring[index++] as (typeof bring)[number];
      const [field, otherField] = [allowed[0] as FieldNode, other.allowed[0] as FieldNode];
      if (name !== otherName || field.name.value !== otherField.name.value) return false;
      if (allowed.some((node) => getDataName(node) !== name)) return false;
      const definition = parent.getFields()[field.name.value] as
        | { type: Parameters<typeof getNamedType>[0] }
        | undefined;
      if (definition === undefined) {
        // Only the name of an object's own type. Introspection is the gateway's.
        if (field.name.value !== '__typename' || parent === root) return false;
        continue;
      }
      const named = getNamedType(definition.type);
      if (isEnumType(named) && facts.isNarrowed(named.name)) return false;
      if (isCompositeType(named) && !areEqual(named, listSelections(allowed), listSelections(other.allowed)))
        return false;
    }
    return true;
  }

  function areEqual(
    type: GraphQLCompositeType,
    wanted: readonly SelectionSource[],
    brought: readonly SelectionSource[],
  ): boolean {
    if (!isAbstractType(type)) return areEqualFor(type.name, wanted, brought);
    return (
      !facts.isNarrowed(type.name) &&
      schema.getPossibleTypes(type).every(({ name }) => areEqualFor(name, wanted, brought))
    );
  }

  return areEqualFor(root.name, [operation], [fetched]) ? plan : undefined;
}

function listSelections(fields: readonly FieldNode[]): SelectionSource[] {
  return fields.flatMap(({ selectionSet }) => (selectionSet === undefined ? [] : [{ selectionSet }]));
}
