import { Kind, type DirectiveNode, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Refusals } from './refusals.ts';
import type { Requirement } from '@shop/access';
import type { SchemaIndex } from './schema-index.ts';

/** All selections of one response name: what was asked for, and what was refused. */
export interface CollectedField {
  readonly allowed: FieldNode[];
  readonly refused: { readonly node: FieldNode; readonly requirement: Requirement }[];
}

/** A selection set; with a requirement when it belongs to a field that was refused, so that all of it is. */
export interface SelectionSource {
  readonly selectionSet: SelectionSetNode;
  readonly requirement?: Requirement;
}

export interface CollectOptions {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly refusals: Refusals;
  readonly index: SchemaIndex;
  /** With defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The fields that apply to an object of `type`, in the order of the response, as the GraphQL specification collects them. */
export function collectFields(
  sources: readonly SelectionSource[],
  type: string,
  { fragments, refusals, index, variables }: CollectOptions,
): ReadonlyMap<string, CollectedField> {
  const collected = new Map<string, CollectedField>();

  function collect({ selections }: SelectionSetNode, inherited: Requirement | undefined): void {
    for (const node of selections) {
      if (!isIncluded(node.directives, variables)) continue;
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        const field = collected.get(name) ?? { allowed: [], refused: [] };
        collected.set(name, field);
        const requirement = inherited ?? refusals.get(node);
        if (requirement === undefined) field.allowed.push(node);
        else field.refused.push({ node, requirement });
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      if (condition === undefined || index.isMatchedBy(type, condition)) collect(fragment.selectionSet, inherited);
    }
  }

  for (const { selectionSet, requirement } of sources) collect(selectionSet, requirement);
  return collected;
}

function isIncluded(directives: readonly DirectiveNode[] = [], variables: Readonly<Record<string, unknown>>): boolean {
  return directives.every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (name.value === 'include');
  });
}
