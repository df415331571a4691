import { requireUser } from '@shop/access';
import type { Context } from '../context.ts';
import type { Caller } from '../use-cases/dependencies.ts';

/** Returns the signed-in caller. Throws UNAUTHENTICATED for an anonymous one. */
export function requireCaller({ viewer, reader }: Pick<Context, 'viewer' | 'reader'>): Caller {
  return { userId: requireUser(viewer), readsAll: reader.readsAll };
}
