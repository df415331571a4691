import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode } from 'graphql';

/** Fragments by their names. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function indexFragments({ definitions }: DocumentNode): Fragments {
  return new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}

/** The name of a field in an answer. */
export function getResponseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
