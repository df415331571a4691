import type { ShopClient } from '../client.ts';
import { Login, Logout, Register } from '../graphql/operations.ts';
import type { LoginInput, LoginMutation, RegisterInput, RegisterMutation } from '../graphql/types.ts';
import type { RequestOptions } from '../options.ts';

/** Signs in, and the client goes on as that account. A failure leaves the session as it was. */
export async function signIn(
  shop: ShopClient,
  input: LoginInput,
  options?: RequestOptions,
): Promise<LoginMutation['login']> {
  const { login } = await shop.request(Login, { input }, { ...options, anonymous: true });
  if (login.__typename === 'LoginSuccess') await shop.session.adopt(login.tokens);
  return login;
}

/** Opens an account, and the client goes on as that account. */
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
 * Signs out: here at once, and then at the server.
 *
 * @throws what {@link ShopClient.request} throws, when the server could not be told; here it is over all the same
 */
export async function signOut(shop: ShopClient, options?: RequestOptions): Promise<void> {
  const tokens = await shop.session.end();
  if (tokens !== null)
    await shop.request(Logout, { input: { refreshToken: tokens.refreshToken } }, { ...options, anonymous: true });
}
