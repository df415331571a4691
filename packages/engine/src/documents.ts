import { Kind, type ASTNode, type DocumentNode, type FieldNode, type FragmentDefinitionNode } from 'graphql';
import { visitNodes } from './visit-nodes.ts';

/** Fragments by their names. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function indexFragments({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}

/** The names of the variables that decide about selections, by `@skip` or `@include`. */
export function listConditions(nodes: readonly ASTNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes)
    visitNodes(node, {
      Directive({ name, arguments: args = [] }) {
        if (name.value !== 'skip' && name.value !== 'include') return;
        for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  return names;
}

/** The name of a field in an answer. */
export function getResponseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
