import { userError } from '@shop/subgraph';
import { revokeSession as revokeSessionUseCase } from '../../use-cases/revoke-sessions.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const revokeSession: MutationResolvers['revokeSession'] = async (_root, { input }, context) => {
  const isRevoked = await revokeSessionUseCase(context, input, requireSignedIn(context));
  return isRevoked
    ? { __typename: 'RevokeSessionSuccess', sessionId: input.sessionId }
    : userError('NotFound', 'There is no such session.', { id: input.sessionId });
};
