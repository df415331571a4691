import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { getResponseName, indexFragments, isIntrospection, type Fragments } from '../supergraph/index.ts';
import { saturate } from './saturate.ts';

/** The size of a document with its fragments expanded. `@skip` and `@include` count as included. */
export interface Structure {
  /** Of the deepest operation. */
  readonly depth: number;
  /** Of all operations together. */
  readonly selections: number;
  /** Of the operation that has the most. */
  readonly aliases: number;
  /** How often the field that is repeated most stands in one selection set. */
  readonly repetitions: number;
}

type Size = Pick<Structure, 'depth' | 'selections'>;

/**
 * Measures a document in time linear in its length: each fragment is measured once. The document must be valid, so that no
 * fragment is in a cycle.
 *
 * All operations count, though only one is executed: the planner expands every fragment of the document for it.
 */
export function measureStructure(document: DocumentNode): Structure {
  let structure = structures.get(document);
  if (structure === undefined) structures.set(document, (structure = measureDocument(document)));
  return structure;
}

/** Parsed documents are kept, and both validation and limits ask for each. */
const structures = new WeakMap<DocumentNode, Structure>();

function measureDocument(document: DocumentNode): Structure {
  const fragments = indexFragments(document);
  const known = new Map<string, Size>();
  let repetitions = 0;

  function measureFragment(name: string): Size {
    let size = known.get(name);
    if (size === undefined) known.set(name, (size = measure(fragments.get(name)?.selectionSet)));
    return size;
  }

  function measure(selectionSet: SelectionSetNode | undefined): Size {
    let depth = 0;
    let selections = 0;
    const names = new Map<string, number>();
    for (const node of selectionSet?.selections ?? []) {
      if (node.kind === Kind.FIELD) {
        const name = getResponseName(node);
        const count = (names.get(name) ?? 0) + 1;
        names.set(name, count);
        repetitions = Math.max(repetitions, count);
      }
      const below = node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
      selections = saturate(selections + 1 + below.selections);
      // The standard introspection document follows `ofType` far down, but that is a chain, not a tree.
      const levels = node.kind !== Kind.FIELD ? below.depth : isIntrospection(node.name.value) ? 1 : below.depth + 1;
      depth = Math.max(depth, levels);
    }
    return { depth, selections };
  }

  let [depth, selections, aliases] = [0, 0, 0];
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(node.selectionSet);
    depth = Math.max(depth, size.depth);
    selections = saturate(selections + size.selections);
    aliases = Math.max(aliases, findRootAliases(node, fragments).size);
  }
  return { depth, selections, aliases, repetitions };
}

function findRootAliases(operation: OperationDefinitionNode, fragments: Fragments): Set<string> {
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
