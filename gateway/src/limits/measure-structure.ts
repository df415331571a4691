import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf, type Fragments } from './fragments.ts';
import { isIntrospection, saturate } from './numbers.ts';

/** A document's size with its fragments expanded, whatever the variables are: `@skip` and `@include` count as included. */
export interface Structure {
  /** Of the deepest operation. */
  readonly depth: number;
  /** Of all operations together. */
  readonly selections: number;
  /** Of the operation that has most. */
  readonly aliases: number;
}

type Size = Pick<Structure, 'depth' | 'selections'>;

/**
 * Takes time linear in the document's length: each fragment is measured once. The document must be validated, so that no
 * fragment is in a cycle, and each is used.
 *
 * All operations count, though one of them is executed: the planner expands every fragment of the document for that one.
 */
export function measureStructure(document: DocumentNode): Structure {
  const fragments = fragmentsOf(document);
  const known = new Map<string, Size>();

  function ofFragment(name: string): Size {
    let size = known.get(name);
    if (size === undefined) known.set(name, (size = of(fragments.get(name)?.selectionSet)));
    return size;
  }

  function of(selectionSet: SelectionSetNode | undefined): Size {
    let depth = 0;
    let selections = 0;
    for (const node of selectionSet?.selections ?? []) {
      const below = node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : of(node.selectionSet);
      selections = saturate(selections + 1 + below.selections);
      // The standard introspection document follows ofType far down, which is a chain and no tree.
      const levels = node.kind !== Kind.FIELD ? below.depth : isIntrospection(node.name.value) ? 1 : below.depth + 1;
      depth = Math.max(depth, levels);
    }
    return { depth, selections };
  }

  let [depth, selections, aliases] = [0, 0, 0];
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = of(node.selectionSet);
    depth = Math.max(depth, size.depth);
    selections = saturate(selections + size.selections);
    aliases = Math.max(aliases, rootAliasesOf(node, fragments).size);
  }
  return { depth, selections, aliases };
}

function rootAliasesOf(operation: OperationDefinitionNode, fragments: Fragments): Set<string> {
  const aliases = new Set<string>();
  const seen = new Set<string>();
  function collect(selectionSet: SelectionSetNode | undefined): void {
    for (const node of selectionSet?.selections ?? []) {
      if (node.kind === Kind.FIELD) {
        if (node.alias !== undefined) aliases.add(node.alias.value);
      } else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
      else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        collect(fragments.get(node.name.value)?.selectionSet);
      }
    }
  }
  collect(operation.selectionSet);
  return aliases;
}
