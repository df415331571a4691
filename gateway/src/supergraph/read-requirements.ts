import { readScopesRequirement, type Requirement } from '@shop/access';
import { Kind, type ConstDirectiveNode, type TypeDefinitionNode } from 'graphql';
import type { AccessLink } from './access-links.ts';
import { listFields, readTypeName } from './type-nodes.ts';

interface RequirementReader {
  ofType(type: string): readonly Requirement[];
  ofField(type: string, field: string): readonly Requirement[];
}

/**
 * A field has the requirements of the field itself, of its type, and of the type that it returns. A field of an interface also
 * has the requirements of the same field of every implementing type, because the type is unknown before execution.
 */
export function createRequirementReader(
  definitions: readonly TypeDefinitionNode[],
  links: readonly AccessLink[],
  /** The name of `@nullForAnonymous` in the supergraph, if it is used. */
  nullForAnonymous?: string,
): RequirementReader {
  const read = createDirectiveReader(links, nullForAnonymous);
  const onType = new Map<string, readonly Requirement[]>();
  const onField = new Map<string, readonly Requirement[]>();
  const returned = new Map<string, string>();
  const implementations = new Map<string, string[]>();

  for (const node of definitions) {
    const type = node.name.value;
    onType.set(type, read(node.directives));
    for (const field of listFields(node)) {
      const requirements = read(field.directives);
      if (field.type.kind === Kind.NON_NULL_TYPE && requirements.some(({ kind }) => kind === 'nullForAnonymous')) {
        throw new Error(
          `${type}.${field.name.value} has @nullForAnonymous and cannot be null. Remove the directive, or the exclamation mark.`,
        );
      }
      onField.set(`${type}.${field.name.value}`, requirements);
      returned.set(`${type}.${field.name.value}`, readTypeName(field.type));
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const parent of node.interfaces ?? []) {
      implementations.set(parent.name.value, [...(implementations.get(parent.name.value) ?? []), type]);
    }
  }

  function ofField(type: string, field: string): readonly Requirement[] {
    const coordinate = `${type}.${field}`;
    const own = [onType.get(type), onField.get(coordinate), onType.get(returned.get(coordinate) ?? '')];
    const behind = (implementations.get(type) ?? []).map((name) => ofField(name, field));
    return [...new Set([...own, ...behind].flatMap((list) => list ?? []))];
  }

  return { ofType: (type) => ofField(type, '__typename'), ofField };
}

/** Reads the requirements of directives. Equal requirements are the same object. */
function createDirectiveReader(links: readonly AccessLink[], nullForAnonymous: string | undefined) {
  const interned = new Map<string, Requirement>();
  const intern = (requirement: Requirement): Requirement => {
    const key = JSON.stringify(requirement);
    const known = interned.get(key) ?? requirement;
    interned.set(key, known);
    return known;
  };
  return (directives: readonly ConstDirectiveNode[] = []): readonly Requirement[] =>
    directives.flatMap((node) => {
      if (node.name.value === nullForAnonymous) return [intern({ kind: 'nullForAnonymous' })];
      return links
        .filter(({ specification, getDirectiveName }) => getDirectiveName(specification) === node.name.value)
        .map(({ specification }) =>
          intern(specification === 'authenticated' ? { kind: 'authenticated' } : readScopesRequirement(node)),
        );
    });
}
