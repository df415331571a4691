import { invalidInput, userError } from '@shop/subgraph';
import type { ChangeAccessOutcome } from '../use-cases/change-access.ts';

/** The outcome of an administrator's change as a member of its result union. */
export function accessOutcome<Success extends 'SetUserRoleSuccess' | 'SetUserActiveSuccess'>(
  success: Success,
  userId: string,
  outcome: ChangeAccessOutcome,
) {
  switch (outcome.kind) {
    case 'changed':
      return { __typename: success, user: outcome.user };
    case 'not-found':
      return userError('NotFound', 'There is no such account.', { id: userId });
    case 'invalid-input':
      return invalidInput(outcome.issues);
    default:
      return outcome satisfies never;
  }
}
