import { userError } from '@shop/subgraph';
import { verifyEmail as verifyEmailUseCase } from '../../use-cases/verify-email.ts';
import { clearAccount } from '../clear-account.ts';
import { invalidToken } from '../invalid-token.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const verifyEmail: MutationResolvers['verifyEmail'] = async (_root, { input }, context) => {
  const outcome = await verifyEmailUseCase(context, input);
  switch (outcome.kind) {
    case 'verified':
      clearAccount(context, outcome.user.id);
      return { __typename: 'VerifyEmailSuccess', user: outcome.user };
    case 'invalid-token':
      return invalidToken();
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    default:
      return outcome satisfies never;
  }
};
