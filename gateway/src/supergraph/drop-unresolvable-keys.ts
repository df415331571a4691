import { readArguments, type Link } from '@shop/access';
import { Kind, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/**
 * Removes a key by which a subgraph does not resolve a type, where the subgraph also has a key that it resolves. On the way back to a
 * subgraph, the planner of Apollo takes the first key of the type, and does not look at `resolvable`: the entity would not be found.
 *
 * @returns the same document when there is no such key
 */
export function dropUnresolvableKeys(document: DocumentNode, links: readonly Link[]): DocumentNode {
  const name = links.find(({ specification }) => specification === 'join')?.getDirectiveName('type');
  const filter = <Node extends { readonly directives?: readonly ConstDirectiveNode[] }>(node: Node) => {
    const { directives = [] } = node;
    const keys = directives.flatMap((directive) => {
      if (directive.name.value !== name) return [];
      const { graph, key, resolvable = true } = readArguments<JoinedType>(directive);
      return key === undefined ? [] : [{ directive, graph, resolvable }];
    });
    const dropped = keys
      .filter((key) => !key.resolvable && keys.some(({ graph, resolvable }) => resolvable && graph === key.graph))
      .map(({ directive }) => directive);
    if (dropped.length === 0) return undefined;
    return { ...node, directives: directives.filter((directive) => !dropped.includes(directive)) };
  };
  return visit(document, { [Kind.OBJECT_TYPE_DEFINITION]: filter, [Kind.INTERFACE_TYPE_DEFINITION]: filter });
}

interface JoinedType {
  readonly graph: string;
  readonly key: string;
  readonly resolvable: boolean;
}
