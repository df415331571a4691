import type { Context } from '../../context.ts';
import { setUserActive as setUserActiveUseCase } from '../../use-cases/set-user-active.ts';
import { accessOutcome } from '../access-outcome.ts';

interface SetUserActiveArgs {
  readonly input: { readonly userId: string; readonly active: boolean };
}

export async function setUserActive(_root: unknown, { input }: SetUserActiveArgs, context: Context) {
  const outcome = await setUserActiveUseCase(context, input);
  // What this request read before is old.
  context.users.clear(input.userId.toLowerCase());
  return accessOutcome('SetUserActiveSuccess', input.userId, outcome);
}
