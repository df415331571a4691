import {
  createShopClient,
  DeleteAccount,
  expectSuccess,
  Login,
  Logout,
  RefreshSession,
  SetUserActive,
  SetUserRole,
  type ShopClient,
  signIn,
  signUp,
} from '@shop/client';
import type { ArchivedAccount, ArchivedSession } from '../manifest.ts';

/** The password of every account but the administrator's. */
export const PASSWORD = 'correct horse battery staple';

/** A signed-in person. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly shop: ShopClient;
}

export async function enter(url: string, email: string, password = PASSWORD): Promise<Person> {
  const shop = createShopClient({ url });
  const { user } = expectSuccess(await signIn(shop, { email, password }));
  return { id: user.id, email, shop };
}

export async function register(url: string, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}@example.com`;
  const shop = createShopClient({ url });
  const { user } = expectSuccess(await signUp(shop, { email, password: PASSWORD, name, phone: '+1 555 0100' }));
  return { id: user.id, email, shop };
}

export async function makeStaff(admin: Person, { id }: Person): Promise<void> {
  expectSuccess((await admin.shop.request(SetUserRole, { input: { userId: id, role: 'STAFF' } })).setUserRole);
}

export async function deactivate(admin: Person, { id }: Person): Promise<void> {
  expectSuccess((await admin.shop.request(SetUserActive, { input: { userId: id, active: false } })).setUserActive);
}

export async function deleteAccount({ shop }: Person): Promise<void> {
  expectSuccess((await shop.request(DeleteAccount, { input: { password: PASSWORD } })).deleteAccount);
}

export function describeAccount(
  { id, email }: Person,
  rest: Partial<Pick<ArchivedAccount, 'role' | 'state'>> = {},
): ArchivedAccount {
  return { id, email, password: PASSWORD, role: 'CUSTOMER', state: 'open', ...rest };
}

/**
 * Three sessions of one account: one that continues, one whose first token was replaced, and one that was signed out.
 */
export async function openSessions({ email, shop }: Person): Promise<ArchivedSession[]> {
  const open = async (): Promise<string> => {
    const { login } = await shop.request(Login, { input: { email, password: PASSWORD } }, { anonymous: true });
    return expectSuccess(login).tokens.refreshToken;
  };
  const [lasting, replaced, ended] = [await open(), await open(), await open()];
  const answer = await shop.request(RefreshSession, { input: { refreshToken: replaced } }, { anonymous: true });
  expectSuccess(answer.refreshSession);
  expectSuccess((await shop.request(Logout, { input: { refreshToken: ended } }, { anonymous: true })).logout);
  return [
    { account: email, refreshToken: lasting, works: true },
    { account: email, refreshToken: replaced, works: false },
    { account: email, refreshToken: ended, works: false },
  ];
}
