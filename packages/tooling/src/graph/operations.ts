import { type FragmentDefinitionNode, Kind, type DocumentNode, type OperationDefinitionNode, visit } from 'graphql';

/** A file of operations. */
export interface OperationFile {
  readonly file: string;
  readonly document: DocumentNode;
}

/** One operation with the fragments that it needs. */
export interface OperationSource {
  /** `(anonymous)` for an operation without a name. */
  readonly name: string;
  readonly file: string;
  readonly node: OperationDefinitionNode;
  /** The operation first, then each fragment once, in the order of first use. */
  readonly document: DocumentNode;
}

/** Splits files into operations, each with its own document. All operations of a file may use its fragments. */
export function splitOperations(files: readonly OperationFile[]): OperationSource[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { document } of files)
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return files.flatMap(({ file, document }) =>
    document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? [
            {
              name: node.name?.value ?? '(anonymous)',
              file,
              node,
              document: { kind: Kind.DOCUMENT, definitions: [node, ...collectFragments(node, fragments)] } as const,
            },
          ]
        : [],
    ),
  );
}

function collectFragments(
  node: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (fragment === undefined || found.has(fragment)) return;
      found.add(fragment);
      collectFragments(fragment, fragments, found);
    },
  });
  return found;
}
