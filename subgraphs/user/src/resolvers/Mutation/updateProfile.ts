import { invalidInput, unauthenticated, userError } from '@shop/service';
import type { Context } from '../../context.ts';
import { updateProfile as updateProfileUseCase } from '../../use-cases/update-profile.ts';
import { requireSignedIn } from '../signed-in.ts';

export async function updateProfile(_root: unknown, { input }: { input: unknown }, context: Context) {
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
}
