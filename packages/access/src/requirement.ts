import { GraphQLError, valueFromASTUntyped, type DirectiveNode } from 'graphql';
import { forbidden, unauthenticated } from '@shop/graphql';
import type { Viewer } from '@shop/process';

/** What a use of `@authenticated` or `@requiresScopes` asks for. */
export interface Requirement {
  /** Any of the lists, and of that list every scope; undefined asks for a signed-in viewer only. */
  readonly anyOf: readonly (readonly string[])[] | undefined;
}

/** Reads the `scopes` of a `@requiresScopes`. */
export function scopesRequirement(node: DirectiveNode): Requirement {
  const value = node.arguments?.find(({ name }) => name.value === 'scopes')?.value;
  return { anyOf: (value === undefined ? [] : valueFromASTUntyped(value)) as readonly (readonly string[])[] };
}

/** @throws GraphQLError UNAUTHENTICATED for an anonymous viewer, FORBIDDEN for one without the scopes */
export function requireAll(requirements: readonly Requirement[], viewer: Viewer): void {
  if (viewer.userId === null) throw unauthenticated();
  for (const { anyOf } of requirements) {
    if (anyOf === undefined || anyOf.some((list) => list.every((scope) => viewer.scopes.has(scope)))) continue;
    const [[scope, ...more] = [], ...others] = anyOf;
    if (scope !== undefined && more.length === 0 && others.length === 0) throw forbidden(scope);
    const alternatives = anyOf.map((scopes) => scopes.join(' and ')).join(', or ');
    throw new GraphQLError(`This needs the scopes ${alternatives}.`, { extensions: { code: 'FORBIDDEN' } });
  }
}
