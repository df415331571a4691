import { invalidInput } from '@shop/service';
import type { Context } from '../../context.ts';
import { deleteAccount as deleteAccountUseCase } from '../../use-cases/delete-account.ts';
import { passwordRefusal } from '../password-refusal.ts';
import { requireSignedIn } from '../signed-in.ts';

interface DeleteAccountArgs {
  readonly input: { readonly password: string };
}

export async function deleteAccount(_root: unknown, { input }: DeleteAccountArgs, context: Context) {
  const viewer = requireSignedIn(context);
  const outcome = await deleteAccountUseCase(context, input, viewer);
  if (outcome.kind === 'invalid-input') return invalidInput(outcome.issues);
  if (outcome.kind !== 'deleted') return passwordRefusal(outcome);
  context.users.clear(viewer.userId);
  return { __typename: 'DeleteAccountSuccess', userId: outcome.userId };
}
