import { invalidInput } from '@shop/subgraph';
import { resetPassword as resetPasswordUseCase } from '../../use-cases/reset-password.ts';
import { clearAccount } from '../clear-account.ts';
import { unavailableWhenBusy } from '../hasher-busy.ts';
import { invalidToken } from '../invalid-token.ts';
import type { MutationResolvers } from '../schema-types.ts';

const busy = unavailableWhenBusy('Too many passwords are being set; try again later.');

export const resetPassword: MutationResolvers['resetPassword'] = async (_root, { input }, context) => {
  const outcome = await resetPasswordUseCase(context, input).catch(busy);
  switch (outcome.kind) {
    case 'reset':
      clearAccount(context, outcome.user.id);
      return { __typename: 'ResetPasswordSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'invalid-token':
      return invalidToken();
    default:
      return outcome satisfies never;
  }
};
