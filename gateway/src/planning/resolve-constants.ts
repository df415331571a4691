import {
  Kind,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
} from 'graphql';

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Removes the selections that `@skip` and `@include` with a literal leave out, and the directives that leave nothing out. A selection set
 * that loses all of its selections gets `__typename`.
 *
 * A planner keeps such selections: a subgraph would be called for fields that it leaves out, and without the fields that these need.
 */
export function resolveConstants(document: DocumentNode): DocumentNode {
  const resolve = <Node extends FieldNode | InlineFragmentNode | FragmentSpreadNode>(
    node: Node,
  ): Node | null | undefined => {
    const { directives = [] } = node;
    const values = directives.map(readConstant);
    if (values.includes(false)) return null;
    return values.includes(true)
      ? { ...node, directives: directives.filter((_, index) => values[index] !== true) }
      : undefined;
  };
  const resolved: DocumentNode = visit(document, {
    Field: resolve,
    InlineFragment: resolve,
    FragmentSpread: resolve,
    SelectionSet: { leave: (set) => (set.selections.length === 0 ? { ...set, selections: [typename] } : undefined) },
  });
  return resolved;
}

/** True for a directive that leaves nothing out, false for one that leaves the selection out; undefined for any other. */
function readConstant({ name, arguments: given = [] }: DirectiveNode): boolean | undefined {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  const value = given.find((argument) => argument.name.value === 'if')?.value;
  return value?.kind === Kind.BOOLEAN ? value.value === (name.value === 'include') : undefined;
}
