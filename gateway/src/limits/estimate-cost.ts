import { Kind, type DocumentNode, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { indexFragments, type Fragments, type Supergraph, type Variables } from '../supergraph/index.ts';
import { estimateArguments } from './estimate-arguments.ts';
import { estimateListSize, ObservedVariables } from './estimate-list-size.ts';
import { createFindField, type CostedField, type FindField } from './field-costs.ts';
import { saturate } from './saturate.ts';

export interface Estimate {
  readonly cost: number;
  /** True when other variables can give another cost. */
  readonly dependsOnVariables: boolean;
}

/** The weight of one value of a field, without its selections. Undefined for the field means `__typename`. */
export type Weigh = (node: FieldNode, field: CostedField | undefined, variables: ObservedVariables) => number;

/** Weighs by the schema: the objects of the answer, and the arguments that cost something. */
const weighByCost: Weigh = (node, field, variables) =>
  field === undefined ? 0 : saturate(field.cost.weight + estimateArguments(node, field, variables));

/**
 * The cost of a selection: `fixed + size * perItem`. Only the field above knows the size of a connection's list, so the formula
 * is the same wherever a fragment is spread.
 */
interface Formula {
  readonly fixed: number;
  readonly perItem: number;
}

const nothing: readonly string[] = [];

export type EstimateCost = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | undefined,
) => Estimate;

/**
 * Estimates how many objects the answer of an operation has, by their weights. Takes time linear in the document's length, as
 * `measureStructure` does.
 */
export function createCostEstimator(supergraph: Supergraph, weigh: Weigh = weighByCost): EstimateCost {
  const findField = createFindField(supergraph);
  return (document, operation, given) => {
    const variables = new ObservedVariables(operation, given);
    const estimate = createFormulas(indexFragments(document), findField, variables, weigh);
    const { fixed } = estimate(operation.selectionSet, supergraph.getRootType(operation.operation), nothing);
    return { cost: fixed, dependsOnVariables: variables.wasRead };
  };
}

function createFormulas(fragments: Fragments, findField: FindField, variables: ObservedVariables, weigh: Weigh) {
  const known = new Map<string, Formula>();

  function estimateFragment(name: string, sizedFields: readonly string[]): Formula {
    const key = `${name}(${sizedFields.join()})`;
    let formula = known.get(key);
    if (formula === undefined) {
      const fragment = fragments.get(name);
      formula =
        fragment === undefined
          ? { fixed: 0, perItem: 0 }
          : estimate(fragment.selectionSet, fragment.typeCondition.name.value, sizedFields);
      known.set(key, formula);
    }
    return formula;
  }

  /** Adds up the members of a union, though an object is only one of them: an estimate may be too high, but not too low. */
  function estimate(selectionSet: SelectionSetNode, type: string, sizedFields: readonly string[]): Formula {
    let fixed = 0;
    let perItem = 0;
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FIELD) {
        const { cost, isSized } = estimateField(node, type, sizedFields);
        if (isSized) perItem = saturate(perItem + cost);
        else fixed = saturate(fixed + cost);
        continue;
      }
      const formula =
        node.kind === Kind.FRAGMENT_SPREAD
          ? estimateFragment(node.name.value, sizedFields)
          : estimate(node.selectionSet, node.typeCondition?.name.value ?? type, sizedFields);
      fixed = saturate(fixed + formula.fixed);
      perItem = saturate(perItem + formula.perItem);
    }
    return { fixed, perItem };
  }

  function estimateField(
    node: FieldNode,
    type: string,
    sizedFields: readonly string[],
  ): { cost: number; isSized: boolean } {
    const field = findField(type, node.name.value);
    const weight = weigh(node, field, variables);
    if (field === undefined) return { cost: weight, isSized: false };
    const isSized = sizedFields.includes(node.name.value);
    const { isList, listSize } = field.cost;
    const below = listSize?.sizedFields ?? nothing;
    const { fixed, perItem } =
      node.selectionSet === undefined ? { fixed: 0, perItem: 0 } : estimate(node.selectionSet, field.typeName, below);
    const needsSize = below.length > 0 || (isList && !isSized);
    const size = needsSize ? estimateListSize(node, field, variables) : 1;
    const one = saturate(weight + fixed + (below.length > 0 ? saturate(size * perItem) : 0));
    const isCountedHere = isList && !isSized && below.length === 0;
    return { cost: isCountedHere ? saturate(size * one) : one, isSized };
  }

  return estimate;
}
