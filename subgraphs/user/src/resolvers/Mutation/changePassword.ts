import { invalidInput } from '@shop/subgraph';
import { changePassword as changePasswordUseCase } from '../../use-cases/change-password.ts';
import { clearAccount } from '../clear-account.ts';
import { passwordRefusal } from '../password-refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const changePassword: MutationResolvers['changePassword'] = async (_root, { input }, context) => {
  const outcome = await changePasswordUseCase(context, input, requireSignedIn(context));
  switch (outcome.kind) {
    case 'changed':
      clearAccount(context, outcome.user.id);
      return { __typename: 'ChangePasswordSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    default:
      return passwordRefusal(outcome);
  }
};
