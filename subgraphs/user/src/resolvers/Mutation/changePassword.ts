import { invalidInput } from '@shop/service';
import type { Context } from '../../context.ts';
import { changePassword as changePasswordUseCase } from '../../use-cases/change-password.ts';
import { passwordRefusal } from '../password-refusal.ts';
import { requireSignedIn } from '../signed-in.ts';

interface ChangePasswordArgs {
  readonly input: { readonly currentPassword: string; readonly newPassword: string };
}

export async function changePassword(_root: unknown, { input }: ChangePasswordArgs, context: Context) {
  const outcome = await changePasswordUseCase(context, input, requireSignedIn(context));
  switch (outcome.kind) {
    case 'changed':
      return { __typename: 'ChangePasswordSuccess', user: outcome.user };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    default:
      return passwordRefusal(outcome);
  }
}
