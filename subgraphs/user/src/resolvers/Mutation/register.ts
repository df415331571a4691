import { unavailable } from '@shop/graphql';
import { invalidInput, userError } from '@shop/subgraph';
import { HasherBusyError } from '../../auth/password-hasher.ts';
import { register as registerUseCase } from '../../use-cases/register.ts';
import type { MutationResolvers } from '../schema-types.ts';

const tooMany = () => unavailable('Too many accounts are being opened; try again later.');

export const register: MutationResolvers['register'] = async (_root, { input }, context) => {
  const outcome = await registerUseCase(context, input, context.client).catch((error: unknown) => {
    throw error instanceof HasherBusyError ? tooMany() : error;
  });
  switch (outcome.kind) {
    case 'opened':
      context.justSignedIn.add(outcome.user.id);
      return { __typename: 'RegisterSuccess', user: outcome.user, tokens: outcome.extra };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    case 'too-many-attempts':
      throw tooMany();
    default:
      return outcome satisfies never;
  }
};
