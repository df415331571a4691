import type { Context } from '../../context.ts';
import { logOut } from '../../use-cases/log-out.ts';

interface LogoutArgs {
  readonly input: { readonly refreshToken: string };
}

export async function logout(_root: unknown, { input }: LogoutArgs, context: Context) {
  await logOut(context, input);
  return { __typename: 'LogoutSuccess', ok: true };
}
