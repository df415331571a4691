import { userError } from '@shop/subgraph';
import type { PasswordRefusal } from '../use-cases/check-own-password.ts';

/** Maps the reason why a signed-in user's password was not accepted. */
export function passwordRefusal(outcome: PasswordRefusal) {
  switch (outcome.kind) {
    case 'invalid-credentials':
      return userError('InvalidCredentials', 'The password is wrong.');
    case 'too-many-attempts':
      return userError('TooManyAttempts', 'Too many passwords were tried; try again later.', {
        retryAt: outcome.retryAt,
      });
    default:
      return outcome satisfies never;
  }
}
