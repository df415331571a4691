import { userError } from '@shop/subgraph';
import { login as loginUseCase } from '../../use-cases/login.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const login: MutationResolvers['login'] = async (_root, { input }, context) => {
  const outcome = await loginUseCase(context, input, context.client);
  switch (outcome.kind) {
    case 'signed-in':
      context.justSignedIn.add(outcome.user.id);
      return { __typename: 'LoginSuccess', ...outcome };
    case 'invalid-credentials':
      return userError('InvalidCredentials', 'E-mail or password is wrong.');
    case 'too-many-attempts':
      return userError('TooManyAttempts', 'Too many attempts to sign in; try again later.', {
        retryAt: outcome.retryAt,
      });
    default:
      return outcome satisfies never;
  }
};
