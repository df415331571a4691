import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse, print, visit, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';

export interface ClientOperation {
  readonly name: string;
  readonly node: OperationDefinitionNode;
  /** The operation with its fragments. */
  readonly text: string;
}

/** The operations of a folder of .graphql files, by name. */
export function readClientOperations(folder: string): ClientOperation[] {
  const definitions = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .flatMap((name) => parse(readFileSync(`${folder}/${name}`, 'utf8')).definitions);
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  return definitions
    .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [node] : []))
    .map((node) => ({
      name: node.name?.value ?? '',
      node,
      text: [node, ...neededBy(node, fragments)].map(print).join('\n'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function neededBy(
  node: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || seen.has(fragment)) return;
      seen.add(fragment);
      neededBy(fragment, fragments, seen);
    },
  });
  return seen;
}
