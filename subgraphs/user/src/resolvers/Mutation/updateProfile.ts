import { unauthenticated } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { updateProfile as updateProfileUseCase } from '../../use-cases/update-profile.ts';
import { clearAccount } from '../clear-account.ts';
import { passwordRefusal } from '../password-refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const updateProfile: MutationResolvers['updateProfile'] = async (_root, { input }, context) => {
  const outcome = await updateProfileUseCase(context, input, requireSignedIn(context), context.client);
  switch (outcome.kind) {
    case 'updated':
      clearAccount(context, outcome.user.id);
      return { __typename: 'UpdateProfileSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    case 'no-account':
      throw unauthenticated();
    default:
      return passwordRefusal(outcome);
  }
};
