import { revokeAllSessions as revokeAllSessionsUseCase } from '../../use-cases/revoke-sessions.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const revokeAllSessions: MutationResolvers['revokeAllSessions'] = async (_root, _args, context) => {
  const revoked = await revokeAllSessionsUseCase(context, requireSignedIn(context));
  return { __typename: 'RevokeAllSessionsSuccess', revoked };
};
