import { visitNodes } from '@shop/engine';
import type { DocumentNode, FieldNode, FragmentSpreadNode, InlineFragmentNode } from 'graphql';
import { isCondition, readConstant } from './conditions.ts';
import { typename } from './keep-objects.ts';

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
    const values = directives.map((directive) => (isCondition(directive) ? readConstant(directive) : undefined));
    if (values.includes(false)) return null;
    return values.includes(true)
      ? { ...node, directives: directives.filter((_, index) => values[index] !== true) }
      : undefined;
  };
  return visitNodes(document, {
    Field: resolve,
    InlineFragment: resolve,
    FragmentSpread: resolve,
    SelectionSet: { leave: (set) => (set.selections.length === 0 ? { ...set, selections: [typename] } : undefined) },
  });
}
