import type { ConstDirectiveNode } from 'graphql';
import { readArguments } from './links.ts';

/** The caller, as far as the directives are concerned. */
export interface Credentials {
  /** True when the caller is signed in. */
  readonly isAuthenticated: boolean;
  readonly scopes: ReadonlySet<string>;
}

/** The demand of one use of `@authenticated`, `@requiresScopes` or `@nullForAnonymous`. */
export type Requirement =
  | { readonly kind: 'authenticated' }
  /** Without a signed-in caller the field is null, and that is no error. */
  | { readonly kind: 'nullForAnonymous' }
  /** The caller needs every scope of at least one of the lists. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] };

/** Reads a use of `@requiresScopes`. */
export function readScopesRequirement(node: ConstDirectiveNode): Requirement {
  const { scopes = [] } = readArguments<{ scopes: readonly (readonly string[])[] }>(node);
  return { kind: 'scopes', anyOf: scopes };
}

/** A caller who is not signed in has no scopes, whatever the credentials contain. */
export function isMet(requirement: Requirement, { isAuthenticated, scopes }: Credentials): boolean {
  if (!isAuthenticated) return false;
  return requirement.kind !== 'scopes' || requirement.anyOf.some((list) => list.every((scope) => scopes.has(scope)));
}
