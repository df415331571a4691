import { Kind, type DirectiveNode, type FieldNode, type SelectionSetNode } from 'graphql';
import { getResponseName, type Fragments } from '../documents.ts';
import type { SupergraphFacts } from '../facts.ts';

/** The reason why the caller may not have a field. */
export interface Refusal {
  /** True when the field is null without an error. */
  readonly isSilent: boolean;
}

/** All selections of one response name: the permitted ones, and the refused ones. */
export interface CollectedField {
  readonly allowed: FieldNode[];
  readonly refused: { readonly node: FieldNode; readonly refusal: Refusal }[];
}

/** A selection set. It has a refusal when it belongs to a refused field, so that all of it is refused. */
export interface SelectionSource {
  readonly selectionSet: SelectionSetNode;
  readonly refusal?: Refusal | undefined;
}

export interface CollectOptions {
  readonly facts: Pick<SupergraphFacts, 'isMatchedBy'>;
  readonly fragments: Fragments;
  /** The values of the variables of `@skip` and `@include`. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly refusals: ReadonlyMap<FieldNode, Refusal>;
}

/** Collects the fields of an object of a type, in the order of the GraphQL specification. */
export function collectFields(
  sources: readonly SelectionSource[],
  type: string,
  { facts, fragments, conditions, refusals }: CollectOptions,
): ReadonlyMap<string, CollectedField> {
  const collected = new Map<string, CollectedField>();

  function collect({ selections }: SelectionSetNode, inherited: Refusal | undefined): void {
    for (const node of selections) {
      if (!isIncluded(node.directives, conditions)) continue;
      if (node.kind === Kind.FIELD) {
        const name = getResponseName(node);
        let field = collected.get(name);
        if (field === undefined) collected.set(name, (field = { allowed: [], refused: [] }));
        const refusal = inherited ?? refusals.get(node);
        if (refusal === undefined) field.allowed.push(node);
        else field.refused.push({ node, refusal });
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      if (condition === undefined || facts.isMatchedBy(type, condition)) collect(fragment.selectionSet, inherited);
    }
  }

  for (const { selectionSet, refusal } of sources) collect(selectionSet, refusal);
  return collected;
}

function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  conditions: ReadonlyMap<string, boolean>,
): boolean {
  if (directives === undefined || directives.length === 0) return true;
  return directives.every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (name.value === 'include');
  });
}
