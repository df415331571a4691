import { userError } from '@shop/subgraph';
import { refreshSession as refreshSessionUseCase } from '../../use-cases/refresh-session.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const refreshSession: MutationResolvers['refreshSession'] = async (_root, { input }, context) => {
  const outcome = await refreshSessionUseCase(context, input, context.client);
  switch (outcome.kind) {
    case 'refreshed':
      return { __typename: 'RefreshSessionSuccess', tokens: outcome.tokens };
    case 'invalid-refresh-token':
      // Either the token was copied, or a client does not wait for its own refreshes. An operator may want to know.
      if (outcome.revoked)
        context.logger.warn(outcome.revoked, 'a refresh token was used again: its session is revoked');
      return userError('InvalidRefreshToken', 'The refresh token is unknown, expired, revoked or already used.');
    default:
      return outcome satisfies never;
  }
};
