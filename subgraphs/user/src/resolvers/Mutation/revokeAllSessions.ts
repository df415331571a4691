import type { Context } from '../../context.ts';
import { revokeAllSessions as revokeAllSessionsUseCase } from '../../use-cases/revoke-sessions.ts';
import { requireSignedIn } from '../signed-in.ts';

export async function revokeAllSessions(_root: unknown, _args: unknown, context: Context) {
  const revoked = await revokeAllSessionsUseCase(context, requireSignedIn(context));
  return { __typename: 'RevokeAllSessionsSuccess', revoked };
}
