import { Kind, type DocumentNode, type FragmentDefinitionNode } from 'graphql';

/** The fragments of a document by their names. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const known = new WeakMap<DocumentNode, Fragments>();

/** Finds the fragments of a document, once for as long as the parsed document is kept. */
export function indexFragments(document: DocumentNode): Fragments {
  let fragments = known.get(document);
  if (fragments === undefined) {
    const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    fragments = new Map(definitions.map((node) => [node.name.value, node]));
    known.set(document, fragments);
  }
  return fragments;
}
