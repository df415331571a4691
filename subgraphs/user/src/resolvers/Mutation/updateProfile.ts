import { unauthenticated } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { updateProfile as updateProfileUseCase } from '../../use-cases/update-profile.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const updateProfile: MutationResolvers['updateProfile'] = async (_root, { input }, context) => {
  const outcome = await updateProfileUseCase(context, input, requireSignedIn(context));
  switch (outcome.kind) {
    case 'updated':
      return { __typename: 'UpdateProfileSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'email-taken':
      return userError('EmailTaken', 'Another account has this e-mail.');
    case 'no-account':
      throw unauthenticated();
    default:
      return outcome satisfies never;
  }
};
