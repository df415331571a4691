import { invalidInput } from '@shop/subgraph';
import { deleteAccount as deleteAccountUseCase } from '../../use-cases/delete-account.ts';
import { passwordRefusal } from '../password-refusal.ts';
import type { MutationResolvers } from '../schema-types.ts';
import { requireSignedIn } from '../signed-in.ts';

export const deleteAccount: MutationResolvers['deleteAccount'] = async (_root, { input }, context) => {
  const viewer = requireSignedIn(context);
  const outcome = await deleteAccountUseCase(context, input, viewer);
  if (outcome.kind === 'invalid-input') return invalidInput(outcome.issues);
  if (outcome.kind !== 'deleted') return passwordRefusal(outcome);
  context.users.clear(viewer.userId);
  return { __typename: 'DeleteAccountSuccess', userId: outcome.userId };
};
