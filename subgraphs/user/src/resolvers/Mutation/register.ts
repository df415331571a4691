import { invalidInput, userError } from '@shop/subgraph';
import { register as registerUseCase } from '../../use-cases/register.ts';
import { unavailableWhenBusy } from '../hasher-busy.ts';
import type { MutationResolvers } from '../schema-types.ts';

const busy = unavailableWhenBusy('Too many accounts are being opened; try again later.');

export const register: MutationResolvers['register'] = async (_root, { input }, context) => {
  const outcome = await registerUseCase(context, input, context.client).catch(busy);
  switch (outcome.kind) {
    case 'opened':
      context.justSignedIn.add(outcome.user.id);
      return { __typename: 'RegisterSuccess', user: outcome.user, tokens: outcome.extra };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    case 'too-many-attempts':
      return userError('TooManyAttempts', 'Too many attempts from your address; try again later.', {
        retryAt: outcome.retryAt,
      });
    default:
      return outcome satisfies never;
  }
};
