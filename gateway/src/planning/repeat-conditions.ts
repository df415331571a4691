import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { indexFragments } from '../supergraph/index.ts';
import { isCondition } from './conditions.ts';

type Conditions = readonly DirectiveNode[];

/**
 * Repeats the conditions of objects and fragments at the fields below that need other fields.
 *
 * A planner selects the needed fields under all conditions. The call for the field itself has only the field's own ones, where the same
 * object is also selected without conditions. So a subgraph would be asked for a field without the data that the field needs.
 *
 * @param computedFields the names of fields that need others
 */
export function repeatConditions(document: DocumentNode, computedFields: ReadonlySet<string>): DocumentNode {
  const fragments = indexFragments(document);
  const known = new Map<string, boolean>();

  function hasComputedField({ selections }: SelectionSetNode): boolean {
    return selections.some((node) => {
      if (node.kind === Kind.FIELD && computedFields.has(node.name.value)) return true;
      if (node.kind !== Kind.FRAGMENT_SPREAD)
        return node.selectionSet !== undefined && hasComputedField(node.selectionSet);
      const name = node.name.value;
      const fragment = fragments.get(name);
      let found = known.get(name);
      if (found === undefined)
        known.set(name, (found = fragment !== undefined && hasComputedField(fragment.selectionSet)));
      return found;
    });
  }

  function repeat(set: SelectionSetNode, above: Conditions): SelectionSetNode {
    return { ...set, selections: set.selections.map((node) => repeatAt(node, above)) };
  }

  function repeatAt(node: SelectionNode, above: Conditions): SelectionNode {
    const conditions = [...(node.directives ?? []).filter(isCondition), ...above];
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(node.name.value);
      if (fragment === undefined || conditions.length === 0 || !hasComputedField(fragment.selectionSet)) return node;
      return {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: fragment.typeCondition,
        directives: node.directives ?? [],
        selectionSet: repeat(fragment.selectionSet, conditions),
      };
    }
    const { selectionSet } = node;
    const below =
      selectionSet && hasComputedField(selectionSet) ? { selectionSet: repeat(selectionSet, conditions) } : {};
    if (node.kind === Kind.INLINE_FRAGMENT) return { ...node, ...below };
    return { ...(computedFields.has(node.name.value) ? addConditions(node, above) : node), ...below };
  }

  if (computedFields.size === 0) return document;
  return {
    ...document,
    definitions: document.definitions.map((node) =>
      'selectionSet' in node && hasComputedField(node.selectionSet)
        ? { ...node, selectionSet: repeat(node.selectionSet, []) }
        : node,
    ),
  };
}

/** A field may have one directive of each kind, so only the nearest ones are added. */
function addConditions(field: FieldNode, conditions: Conditions): FieldNode {
  const directives = [...(field.directives ?? [])];
  for (const condition of conditions)
    if (!directives.some(({ name }) => name.value === condition.name.value)) directives.push(condition);
  return { ...field, directives };
}
