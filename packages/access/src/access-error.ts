import { createCodedError } from '@shop/graphql';
import type { GraphQLError } from 'graphql';
import type { Credentials, Requirement } from './requirement.ts';

type Path = readonly (string | number)[];

/** The caller must sign in first. */
export function unauthenticated(path?: Path): GraphQLError {
  return createCodedError('UNAUTHENTICATED', { path });
}

/**
 * The caller is signed in and lacks a scope.
 *
 * @param anyOf every scope of one of these lists would have been enough
 */
export function forbidden(anyOf: readonly (readonly string[])[], path?: Path): GraphQLError {
  const [[scope, ...more] = [], ...others] = anyOf;
  if (scope === undefined) return createCodedError('FORBIDDEN', { path });
  const isOne = more.length === 0 && others.length === 0;
  const alternatives = anyOf.map((scopes) => scopes.join(' and ')).join(', or ');
  return createCodedError('FORBIDDEN', {
    message: `This needs the scope${isOne ? '' : 's'} ${alternatives}.`,
    path,
    ...(isOne ? { extensions: { scope } } : {}),
  });
}

/** The error for a caller who does not meet a requirement. */
export function createAccessError(
  requirement: Requirement,
  { isAuthenticated }: Credentials,
  path?: Path,
): GraphQLError {
  const needsSignIn = !isAuthenticated || requirement.kind !== 'scopes';
  return needsSignIn ? unauthenticated(path) : forbidden(requirement.anyOf, path);
}
