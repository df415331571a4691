import { forbidden, unauthenticated } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import type { Context } from '../context.ts';
import type { ChangeAccessOutcome } from '../use-cases/change-access.ts';

/** Maps the outcome of an administrator's change to a member of its result union. */
export function describeAccessChange<Success extends 'SetUserRoleSuccess' | 'SetUserActiveSuccess'>(
  success: Success,
  { userId }: { readonly userId: string },
  { users }: Pick<Context, 'users'>,
  outcome: ChangeAccessOutcome,
) {
  // The account may have been loaded by this request before it was changed.
  users.clear(userId.toLowerCase());
  switch (outcome.kind) {
    case 'changed':
      return { __typename: success, user: outcome.user };
    case 'not-found':
      return userError('NotFound', 'There is no such account.', { id: userId });
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-signed-in':
      throw unauthenticated();
    case 'forbidden':
      throw forbidden([[outcome.scope]]);
    default:
      return outcome satisfies never;
  }
}
