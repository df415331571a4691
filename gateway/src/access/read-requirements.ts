import { Kind, valueFromASTUntyped, type DirectiveNode, type DocumentNode } from 'graphql';
import type { Requirement } from '@shop/access';
import { namedTypeOf } from './schema-index.ts';
import type { SecurityLink } from './security-links.ts';

/** What a caller must meet to select a field of a type, in the order in which it is checked. */
export type RequirementsOf = (type: string, field: string) => readonly Requirement[];

/**
 * A field asks for what stands on it, on its type, and on the type that it returns. A field of an interface asks for that
 * of every object behind it besides, since nobody knows before it is asked which one it will be.
 */
export function readRequirements(supergraph: DocumentNode, links: readonly SecurityLink[]): RequirementsOf {
  const read = createReader(links);
  const ofType = new Map<string, readonly Requirement[]>();
  const ofField = new Map<string, readonly Requirement[]>();
  const returned = new Map<string, string>();
  const implementations = new Map<string, string[]>();

  for (const node of supergraph.definitions) {
    if (!('name' in node) || !('directives' in node) || node.name === undefined) continue;
    const type = node.name.value;
    ofType.set(type, read(node.directives));
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const parent of node.interfaces ?? []) {
      implementations.set(parent.name.value, [...(implementations.get(parent.name.value) ?? []), type]);
    }
    for (const field of node.fields ?? []) {
      ofField.set(`${type}.${field.name.value}`, read(field.directives));
      returned.set(`${type}.${field.name.value}`, namedTypeOf(field.type));
    }
  }

  const known = new Map<string, readonly Requirement[]>();
  return function requirementsOf(type: string, field: string): readonly Requirement[] {
    const coordinate = `${type}.${field}`;
    let requirements = known.get(coordinate);
    if (requirements === undefined) {
      const own = [ofType.get(type), ofField.get(coordinate), ofType.get(returned.get(coordinate) ?? '')].flatMap(
        (list) => list ?? [],
      );
      const behind = (implementations.get(type) ?? []).flatMap((name) => requirementsOf(name, field));
      requirements = [...new Set([...own, ...behind])];
      // What is not in the schema is not kept, or a caller could make the map grow.
      if (ofField.has(coordinate)) known.set(coordinate, requirements);
    }
    return requirements;
  };
}

/** Reads the requirements of directives; equal ones give the same object. */
function createReader(links: readonly SecurityLink[]) {
  const interned = new Map<string, Requirement>();
  const intern = (requirement: Requirement): Requirement => {
    const key = JSON.stringify(requirement);
    const known = interned.get(key) ?? requirement;
    interned.set(key, known);
    return known;
  };
  return (directives: readonly DirectiveNode[] = []): readonly Requirement[] =>
    directives.flatMap((node) =>
      links
        .filter(({ directive }) => directive === node.name.value)
        .map(({ specification }) =>
          intern(specification === 'authenticated' ? { kind: 'authenticated' } : scopesOf(node)),
        ),
    );
}

function scopesOf(node: DirectiveNode): Requirement {
  const value = node.arguments?.find(({ name }) => name.value === 'scopes')?.value;
  const anyOf = (value === undefined ? [] : valueFromASTUntyped(value)) as readonly (readonly string[])[];
  return { kind: 'scopes', anyOf };
}
