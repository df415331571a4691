/** Who asks, as far as the directives care. */
export interface Credentials {
  /** Whether the caller proved who they are. */
  readonly isAuthenticated: boolean;
  readonly scopes: ReadonlySet<string>;
}

/** What one use of a directive asks for. Equal requirements of one supergraph are the same object. */
export type Requirement =
  | { readonly kind: 'authenticated' }
  /** Any of the lists, and of that list every scope. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] };

/** A caller who is not authenticated has no scopes, whatever the credentials say. */
export function isMet(requirement: Requirement, { isAuthenticated, scopes }: Credentials): boolean {
  if (!isAuthenticated) return false;
  return (
    requirement.kind === 'authenticated' || requirement.anyOf.some((list) => list.every((scope) => scopes.has(scope)))
  );
}
