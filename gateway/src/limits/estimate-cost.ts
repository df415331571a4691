import { Kind, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Fragments } from './fragments.ts';
import { listSizeOf, Variables } from './list-size.ts';
import { saturate } from './numbers.ts';
import type { Costs } from './read-costs.ts';

export interface Estimate {
  readonly cost: number;
  /** Whether it would be another with other variables. */
  readonly dependsOnVariables: boolean;
}

/**
 * A selection's cost, where the list of a connection has a size that only the field above knows: `fixed + size * perItem`.
 * As a formula it is the same wherever a fragment is spread.
 */
interface Formula {
  readonly fixed: number;
  readonly perItem: number;
}

const nothing: readonly string[] = [];

/**
 * How many objects the answer is expected to have, by their weights. Takes time linear in the document's length, as
 * `measureStructure` does.
 */
export function estimateCost(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  options: { costs: Costs; variables?: Readonly<Record<string, unknown>> | undefined },
): Estimate {
  const { costs } = options;
  const variables = new Variables(operation, options.variables);
  const known = new Map<string, Formula>();

  function ofFragment(name: string, sizedFields: readonly string[]): Formula {
    const key = `${name}(${sizedFields.join()})`;
    let formula = known.get(key);
    if (formula === undefined) {
      const fragment = fragments.get(name);
      formula =
        fragment === undefined
          ? { fixed: 0, perItem: 0 }
          : of(fragment.selectionSet, fragment.typeCondition.name.value, sizedFields);
      known.set(key, formula);
    }
    return formula;
  }

  /** Members of a union are added up, though an object is one of them: an estimate may be too high, and not too low. */
  function of(selectionSet: SelectionSetNode, type: string, sizedFields: readonly string[]): Formula {
    let fixed = 0;
    let perItem = 0;
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FIELD) {
        const { cost, isSized } = ofField(node, type, sizedFields);
        if (isSized) perItem = saturate(perItem + cost);
        else fixed = saturate(fixed + cost);
        continue;
      }
      const formula =
        node.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(node.name.value, sizedFields)
          : of(node.selectionSet, node.typeCondition?.name.value ?? type, sizedFields);
      fixed = saturate(fixed + formula.fixed);
      perItem = saturate(perItem + formula.perItem);
    }
    return { fixed, perItem };
  }

  function ofField(node: FieldNode, type: string, sizedFields: readonly string[]): { cost: number; isSized: boolean } {
    const field = costs.fieldOf(type, node.name.value);
    if (field === undefined) return { cost: 0, isSized: false };
    const isSized = sizedFields.includes(node.name.value);
    const below = field.listSize?.sizedFields ?? nothing;
    const { fixed, perItem } =
      node.selectionSet === undefined ? { fixed: 0, perItem: 0 } : of(node.selectionSet, field.type, below);
    const needsSize = below.length > 0 || (field.isList && !isSized);
    const size = needsSize ? listSizeOf(node, field, variables) : 1;
    const one = saturate(field.weight + fixed + (below.length > 0 ? saturate(size * perItem) : 0));
    const isCountedHere = field.isList && !isSized && below.length === 0;
    return { cost: isCountedHere ? saturate(size * one) : one, isSized };
  }

  const { fixed } = of(operation.selectionSet, costs.rootTypeOf(operation.operation), nothing);
  return { cost: fixed, dependsOnVariables: variables.wasRead };
}
