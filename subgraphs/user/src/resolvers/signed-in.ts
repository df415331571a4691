import { requireUser } from '@shop/access';
import type { Context } from '../context.ts';
import type { SignedIn } from '../use-cases/dependencies.ts';

/** Who asks. Throws UNAUTHENTICATED for an anonymous caller. */
export function requireSignedIn({ viewer }: Context): SignedIn {
  return { userId: requireUser(viewer), sessionId: viewer.sessionId };
}
