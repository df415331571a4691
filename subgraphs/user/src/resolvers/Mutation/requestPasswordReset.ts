import { invalidInput, userError } from '@shop/subgraph';
import { requestPasswordReset as requestPasswordResetUseCase } from '../../use-cases/request-password-reset.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const requestPasswordReset: MutationResolvers['requestPasswordReset'] = async (_root, { input }, context) => {
  const outcome = await requestPasswordResetUseCase(context, input, context.client);
  switch (outcome.kind) {
    case 'noted':
      return { __typename: 'RequestPasswordResetSuccess', ok: true };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'too-many-attempts':
      return userError('TooManyAttempts', 'Too many links were asked for; try again later.', {
        retryAt: outcome.retryAt,
      });
    default:
      return outcome satisfies never;
  }
};
