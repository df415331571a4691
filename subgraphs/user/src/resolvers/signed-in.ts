import { requireUser } from '@shop/access';
import type { Context } from '../context.ts';
import type { SignedIn } from '../use-cases/dependencies.ts';

/** Returns the signed-in caller. Throws UNAUTHENTICATED for an anonymous one. */
export function requireSignedIn({ viewer }: Context): SignedIn {
  return { userId: requireUser(viewer), sessionId: viewer.sessionId };
}
