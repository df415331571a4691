import { userError } from '@shop/service';
import type { Context } from '../../context.ts';
import { revokeSession as revokeSessionUseCase } from '../../use-cases/revoke-sessions.ts';
import { requireSignedIn } from '../signed-in.ts';

interface RevokeSessionArgs {
  readonly input: { readonly sessionId: string };
}

export async function revokeSession(_root: unknown, { input }: RevokeSessionArgs, context: Context) {
  const isRevoked = await revokeSessionUseCase(context, input, requireSignedIn(context));
  return isRevoked
    ? { __typename: 'RevokeSessionSuccess', sessionId: input.sessionId }
    : userError('NotFound', 'There is no such session.', { id: input.sessionId });
}
