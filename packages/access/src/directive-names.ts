import type { DocumentNode } from 'graphql';
import { readLinks } from './links.ts';

/** The names of the access directives in a subgraph's schema. */
export interface DirectiveNames {
  readonly authenticated: string;
  readonly requiresScopes: string;
}

/**
 * Reads the names from the schema's `@link` to federation, which may rename the directives.
 *
 * @throws Error for `@policy`, since nothing here would enforce it
 */
export function readDirectiveNames(typeDefs: DocumentNode): DirectiveNames {
  const federation = readLinks(typeDefs).find(({ specification }) => specification === 'federation');
  if (federation?.imports.has('@policy') === true)
    throw new Error('The schema imports @policy, which is not enforced. Use @requiresScopes.');
  const getName = (name: string) => federation?.getDirectiveName(name) ?? `federation__${name}`;
  return { authenticated: getName('authenticated'), requiresScopes: getName('requiresScopes') };
}
