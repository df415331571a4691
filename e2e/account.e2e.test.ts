import { randomUUID } from 'node:crypto';
import {
  ChangePassword,
  DeleteAccount,
  CountProducts,
  ListUsers,
  Login,
  Logout,
  Me,
  MySessions,
  OrderState,
  PlaceOrder,
  RefreshSession,
  RevokeAllSessions,
  RevokeSession,
  SetUserActive,
  SetUserRole,
  UpdateProfile,
  type UpdateProfileInput,
} from '@shop/client';
import { eventually, type GraphqlClient } from '@shop/testing';
import {
  address,
  openSharedShop,
  password,
  placeOrder,
  registerCustomer,
  requireMember,
  untilStatus,
  type SharedShop,
} from './shop.ts';

let shop: SharedShop;

beforeAll(async () => {
  shop = await openSharedShop();
});

async function login(email: string, secret = password) {
  return (await shop.anonymous.request(Login, { input: { email, password: secret } })).login;
}

/** Signs in with the password of `registerCustomer`, and returns the refresh token of the new session. */
async function openSession(email: string): Promise<string> {
  return requireMember(await login(email), 'LoginSuccess').tokens.refreshToken;
}

async function refresh(refreshToken: string) {
  return (await shop.anonymous.request(RefreshSession, { input: { refreshToken } })).refreshSession;
}

async function refreshTokens(refreshToken: string) {
  return requireMember(await refresh(refreshToken), 'RefreshSessionSuccess').tokens;
}
const refused = { __typename: 'InvalidRefreshToken', code: 'INVALID_REFRESH_TOKEN' };

async function readSessions(client: GraphqlClient) {
  const { me } = await client.request(MySessions, {});
  if (!me?.sessions) throw new Error('The answer has no sessions.');
  return me.sessions;
}

test('a customer refreshes, lists and revokes sessions', async () => {
  const { client, id, email, refreshToken } = await registerCustomer(shop.anonymous);
  const second = await openSession(email);
  const sessions = await readSessions(client);
  expect(sessions.map(({ current }) => current)).toEqual([false, true]);
  const [other, own] = sessions.map((session) => session.id) as [string, string];

  const seen = await shop.admin.request<{ user: object | null }>(
    'query ($id: ID!) { user(id: $id) { email sessions { id } } }',
    { id },
  );
  expect(seen.user).toEqual({ email, sessions: null });

  interface Refreshed {
    readonly __typename: string;
    readonly tokens: { readonly accessToken: string; readonly refreshToken: string; readonly tokenType: string };
  }
  const { refreshSession: next } = await shop.anonymous.request<{ refreshSession: Refreshed }>(
    `mutation ($input: RefreshSessionInput!) {
      refreshSession(input: $input) {
        __typename
        ... on RefreshSessionSuccess { tokens { accessToken refreshToken tokenType } }
      }
    }`,
    { input: { refreshToken } },
  );
  expect(next).toMatchObject({ __typename: 'RefreshSessionSuccess', tokens: { tokenType: 'Bearer' } });
  expect((await readSessions(shop.anonymous.as(next.tokens.accessToken)))[1]).toMatchObject({ id: own, current: true });

  const stranger = await registerCustomer(shop.anonymous);
  const revoke = async (caller: GraphqlClient) =>
    (await caller.request(RevokeSession, { input: { sessionId: other } })).revokeSession;
  expect(await revoke(stranger.client)).toMatchObject({ code: 'NOT_FOUND', id: other });
  expect(await revoke(client)).toEqual({ __typename: 'RevokeSessionSuccess', sessionId: other });
  expect(await refresh(second)).toMatchObject(refused);

  for (let round = 0; round < 2; round += 1) {
    const { logout } = await shop.anonymous.request(Logout, { input: { refreshToken: next.tokens.refreshToken } });
    expect(logout).toEqual({ __typename: 'LogoutSuccess', ok: true });
  }
  expect(await readSessions(client)).toEqual([]);
  const { revokeAllSessions } = await client.request(RevokeAllSessions, {});
  expect(revokeAllSessions).toEqual({ __typename: 'RevokeAllSessionsSuccess', revoked: 0 });
});

test('a refresh token works once, and reuse ends its session, even with 50 uses at once', async () => {
  const { email, refreshToken } = await registerCustomer(shop.anonymous);
  const next = await refreshTokens(refreshToken);
  expect(await refresh(refreshToken)).toMatchObject(refused);
  expect(await refresh(next.refreshToken)).toMatchObject(refused);

  const raced = await openSession(email);
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => refresh(raced)));
  expect(outcomes.filter(({ __typename }) => __typename === 'RefreshSessionSuccess')).toHaveLength(1);
  expect(outcomes.filter(({ __typename }) => __typename === 'InvalidRefreshToken')).toHaveLength(49);
});

test('a customer changes their own profile and password', async () => {
  const { client, email, refreshToken } = await registerCustomer(shop.anonymous);
  const other = await openSession(email);
  const update = async (input: UpdateProfileInput) => (await client.request(UpdateProfile, { input })).updateProfile;
  expect(await update({ name: 'Grace', phone: null })).toMatchObject({
    __typename: 'UpdateProfileSuccess',
    user: { name: 'Grace', phone: null, email },
  });
  expect(await update({ name: '' })).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: 'name' }] });
  const taken = (await registerCustomer(shop.anonymous)).email.toUpperCase();
  expect(await update({ email: taken })).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await update({ email: taken, currentPassword: password })).toMatchObject({ code: 'EMAIL_TAKEN' });

  const pendingEmail = `new.${email}`;
  expect(await update({ email: pendingEmail, currentPassword: password })).toMatchObject({
    user: { email, emailVerified: false, pendingEmail },
  });

  const newPassword = 'staple battery horse correct';
  const change = async (currentPassword: string) =>
    (await client.request(ChangePassword, { input: { currentPassword, newPassword } })).changePassword;
  expect(await change(`${password}!`)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await change(password)).toMatchObject({ __typename: 'ChangePasswordSuccess', user: { name: 'Grace' } });
  expect(await refresh(other)).toMatchObject(refused);
  expect(await refresh(refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' });
  expect(await login(email)).toMatchObject({ __typename: 'InvalidCredentials' });
  expect(await login(email, newPassword)).toMatchObject({ __typename: 'LoginSuccess' });

  const { errors } = await shop.anonymous.execute(UpdateProfile, { input: { name: 'Nobody' } });
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('deleting an account keeps its orders without personal data', async () => {
  const { client, email, refreshToken } = await registerCustomer(shop.anonymous);
  const product = await shop.newProduct();
  const { order } = await placeOrder(client, [[product, 2]], {
    shippingAddress: { ...address, recipient: 'Ada' },
  });
  await untilStatus(client, order.id, 'RESERVED');
  const remove = async (secret: string) =>
    (await client.request(DeleteAccount, { input: { password: secret } })).deleteAccount;
  expect(await remove(`${password}!`)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await remove(password)).toMatchObject({ __typename: 'DeleteAccountSuccess' });

  await untilRefused(client);
  expect(await refresh(refreshToken)).toMatchObject(refused);
  await eventually(async () => {
    const data = await shop.admin.request<{ order: object | null }>(
      `query ($id: ID!) {
        order(id: $id) {
          status customer { id name } total { amount }
          shippingAddress { recipient street city postalCode country } billingAddress { street } history { actorId }
        }
      }`,
      { id: order.id },
    );
    expect(data.order).toEqual({
      status: 'RESERVED',
      customer: null,
      total: { amount: 3998 },
      shippingAddress: { recipient: null, street: '', city: '', postalCode: '', country: 'US' },
      billingAddress: { street: '' },
      history: [{ actorId: null }, { actorId: null }],
    });
  });
  await registerCustomer(shop.anonymous, email);
});

/** Waits until the gateway refuses the client's access token, for a second at most, in the operations of each subgraph. */
async function untilRefused(client: GraphqlClient): Promise<void> {
  const code = 'UNAUTHENTICATED';
  await eventually(
    async () => expect((await client.execute(Me, {})).errors).toMatchObject([{ extensions: { code } }]),
    { timeoutMs: 5_000 },
  );
  const input = { items: [], shippingAddress: address, idempotencyKey: randomUUID() };
  for (const answer of [
    await client.execute(PlaceOrder, { input }),
    await client.execute(OrderState, { id: randomUUID() }),
    await client.execute(CountProducts, {}),
  ])
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
}

test('a change of access takes effect at once: old tokens are refused everywhere, and a new sign-in has the new role', async () => {
  const customer = await registerCustomer(shop.anonymous);
  const promote = async (userId: string, role: 'STAFF' | 'ADMIN' | 'CUSTOMER') =>
    requireMember(
      (await shop.admin.request(SetUserRole, { input: { userId, role } })).setUserRole,
      'SetUserRoleSuccess',
    );
  await promote(customer.id, 'ADMIN');
  await untilRefused(customer.client);
  expect(await refresh(customer.refreshToken)).toMatchObject(refused);

  // A sign-in in the same second as the change is not refused.
  const { tokens } = requireMember(await login(customer.email), 'LoginSuccess');
  const admin = shop.anonymous.as(tokens.accessToken);
  expect((await admin.request(ListUsers, { first: 1 })).users.nodes).toHaveLength(1);

  await promote(customer.id, 'CUSTOMER');
  const again = await admin.execute(SetUserRole, { input: { userId: customer.id, role: 'ADMIN' } });
  // The user subgraph refuses it, or the gateway, which is told a moment later.
  expect(again.errors?.[0]?.extensions?.['code']).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/);
  await untilRefused(admin);

  const other = await registerCustomer(shop.anonymous);
  await shop.admin.request(SetUserActive, { input: { userId: other.id, active: false } });
  await untilRefused(other.client);
  const health = (await (await fetch(new URL('/health', shop.system.graphqlUrl))).json()) as object;
  expect(health).not.toHaveProperty('behind');
});
