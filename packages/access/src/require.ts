import type { Viewer } from '@shop/process';
import { forbidden, unauthenticated } from './access-error.ts';
import type { Credentials } from './requirement.ts';

/** A viewer as the directives see them. */
export function toCredentials({ userId, scopes }: Viewer): Credentials {
  return { isAuthenticated: userId !== null, scopes };
}

/**
 * @returns the viewer's user id
 * @throws GraphQLError UNAUTHENTICATED for an anonymous viewer
 */
export function requireUser(viewer: Viewer): string {
  if (viewer.userId === null) throw unauthenticated();
  return viewer.userId;
}

/** True when the viewer's token has the scope. */
export function hasScope(viewer: Viewer, scope: string): boolean {
  return viewer.scopes.has(scope);
}

/** @throws GraphQLError UNAUTHENTICATED for an anonymous viewer, FORBIDDEN for one without the scope */
export function requireScope(viewer: Viewer, scope: string): void {
  requireUser(viewer);
  if (!hasScope(viewer, scope)) throw forbidden([[scope]]);
}
