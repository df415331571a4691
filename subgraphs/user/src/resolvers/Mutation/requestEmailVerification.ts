import { unauthenticated } from '@shop/access';
import { userError } from '@shop/subgraph';
import { requestEmailVerification as requestEmailVerificationUseCase } from '../../use-cases/request-email-verification.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const requestEmailVerification: MutationResolvers['requestEmailVerification'] = async (
  _root,
  _args,
  context,
) => {
  const outcome = await requestEmailVerificationUseCase(context, requireSignedIn(context), context.client);
  switch (outcome.kind) {
    case 'requested':
      return { __typename: 'RequestEmailVerificationSuccess', ok: true };
    case 'too-many-attempts':
      return userError('TooManyAttempts', 'Too many links were asked for; try again later.', {
        retryAt: outcome.retryAt,
      });
    case 'no-account':
      throw unauthenticated();
    default:
      return outcome satisfies never;
  }
};
