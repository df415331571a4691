import { Kind, valueFromASTUntyped, type DocumentNode } from 'graphql';

/** What a subgraph calls the directives of access. */
export interface DirectiveNames {
  readonly authenticated: string;
  readonly requiresScopes: string;
}

interface Link {
  readonly url?: string;
  readonly as?: string;
  readonly import?: readonly (string | { readonly name: string; readonly as?: string })[];
}

/**
 * Reads the names from the schema's `@link` to federation: renamed where it imports them so, prefixed where it does not.
 *
 * @throws Error for `@policy`: nobody here would enforce it
 */
export function directiveNames(typeDefs: DocumentNode): DirectiveNames {
  const links = typeDefs.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap(({ directives = [] }) => directives)
    .filter(({ name }) => name.value === 'link')
    .map(
      (node) =>
        Object.fromEntries(
          (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
        ) as Link,
    );
  const federation = links.find(({ url }) => url?.startsWith('https://specs.apollo.dev/federation/'));
  const imported = new Map(
    (federation?.import ?? []).map((element) =>
      typeof element === 'string' ? [element, element] : [element.name, element.as ?? element.name],
    ),
  );
  if (imported.has('@policy'))
    throw new Error('The schema imports @policy, which is not enforced. Use @requiresScopes.');
  const nameOf = (name: string) => imported.get(`@${name}`)?.slice(1) ?? `${federation?.as ?? 'federation'}__${name}`;
  return { authenticated: nameOf('authenticated'), requiresScopes: nameOf('requiresScopes') };
}
