import { GraphQLError } from 'graphql';
import type { Credentials, Requirement } from './requirement.ts';

/** UNAUTHENTICATED for a caller who has to sign in first, FORBIDDEN for one whose scopes do not do. */
export function accessError(
  requirement: Requirement,
  { isAuthenticated }: Credentials,
  path: readonly (string | number)[],
): GraphQLError {
  if (!isAuthenticated || requirement.kind === 'authenticated') {
    return new GraphQLError('You must be signed in.', { path, extensions: { code: 'UNAUTHENTICATED' } });
  }
  const [list = [], ...others] = requirement.anyOf;
  const isOne = others.length === 0 && list.length === 1;
  const alternatives = requirement.anyOf.map((scopes) => scopes.join(' and ')).join(', or ');
  return new GraphQLError(`This needs the scope${isOne ? '' : 's'} ${alternatives}.`, {
    path,
    extensions: { code: 'FORBIDDEN', ...(isOne ? { scope: list[0] } : {}) },
  });
}
