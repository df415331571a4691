import type { ShopClient } from '../client.ts';
import { Login, Logout, Register } from '../graphql/operations.ts';
import type { LoginInput, LoginMutation, RegisterInput, RegisterMutation } from '../graphql/types.ts';
import type { RequestOptions } from '../options.ts';

/** Signs in. The client then acts as that account. A failure leaves the current session unchanged. */
export async function signIn(
  shop: ShopClient,
  input: LoginInput,
  options?: RequestOptions,
): Promise<LoginMutation['login']> {
  const { login } = await shop.request(Login, { input }, { ...options, anonymous: true });
  if (login.__typename === 'LoginSuccess') await shop.session.adopt(login.tokens);
  return login;
}

/** Opens an account. The client then acts as that account. */
export async function signUp(
  shop: ShopClient,
  input: RegisterInput,
  options?: RequestOptions,
): Promise<RegisterMutation['register']> {
  const { register } = await shop.request(Register, { input }, { ...options, anonymous: true });
  if (register.__typename === 'RegisterSuccess') await shop.session.adopt(register.tokens);
  return register;
}

/**
 * Signs out: in this client at once, then on the server.
 *
 * @throws the errors of {@link ShopClient.request} when the server could not be reached; the local session has ended anyway
 */
export async function signOut(shop: ShopClient, options?: RequestOptions): Promise<void> {
  const tokens = await shop.session.end();
  if (tokens !== null)
    await shop.request(Logout, { input: { refreshToken: tokens.refreshToken } }, { ...options, anonymous: true });
}
