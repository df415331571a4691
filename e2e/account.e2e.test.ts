import { randomUUID } from 'node:crypto';
import { eventually, type GraphqlClient } from '@shop/testing';
import { openShop, placeOrder, untilStatus, type Shop } from './shop.ts';

const password = 'correct horse battery staple';
const tokens = 'tokens { accessToken refreshToken tokenType }';
let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.stop());

interface SignedIn {
  readonly client: GraphqlClient;
  readonly email: string;
  readonly refreshToken: string;
}

async function register(email = `${randomUUID()}@example.com`): Promise<SignedIn> {
  const { register: result } = await shop.anonymous.request(
    `mutation ($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterSuccess { ${tokens} } ... on UserError { code message } } }`,
    { input: { email, password, name: 'Ada', phone: '123' } },
  );
  expect(result.__typename).toBe('RegisterSuccess');
  return { client: shop.anonymous.as(result.tokens.accessToken), email, refreshToken: result.tokens.refreshToken };
}

async function login(email: string, secret = password) {
  const { login: result } = await shop.anonymous.request(
    `mutation ($input: LoginInput!) { login(input: $input) { __typename ... on LoginSuccess { ${tokens} } } }`,
    { input: { email, password: secret } },
  );
  return result;
}

async function refresh(refreshToken: string) {
  const { refreshSession } = await shop.anonymous.request(
    `mutation ($input: RefreshSessionInput!) {
      refreshSession(input: $input) { __typename ... on RefreshSessionSuccess { ${tokens} } ... on UserError { code } }
    }`,
    { input: { refreshToken } },
  );
  return refreshSession;
}
const refused = { __typename: 'InvalidRefreshToken', code: 'INVALID_REFRESH_TOKEN' };

/** Runs a mutation of the caller's own account; returns the member of its result union. */
async function mutate(client: GraphqlClient, name: string, type: string, input: object, fields: string) {
  const data = await client.request(
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${fields} ... on UserError { code message } } }`,
    { input },
  );
  return data[name];
}

const sessionsOf = async (client: GraphqlClient) =>
  (await client.request('{ me { sessions { id current userAgent ipAddress createdAt lastUsedAt expiresAt } } }')).me
    .sessions;

test('a session is refreshed, listed and revoked', async () => {
  const { client, email, refreshToken } = await register();
  const second = await login(email);
  const sessions = await sessionsOf(client);
  expect(sessions.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);

  const { me } = await client.request('{ me { id } }');
  const seen = await shop.admin.request('query ($id: ID!) { user(id: $id) { email sessions { id } } }', { id: me.id });
  expect(seen.user).toEqual({ email, sessions: null });

  const next = await refresh(refreshToken);
  expect(next).toMatchObject({ __typename: 'RefreshSessionSuccess', tokens: { tokenType: 'Bearer' } });
  expect((await sessionsOf(shop.anonymous.as(next.tokens.accessToken)))[1]).toMatchObject({
    id: sessions[1].id,
    current: true,
  });

  const stranger = await register();
  const revoke = (caller: GraphqlClient) =>
    mutate(
      caller,
      'revokeSession',
      'RevokeSessionInput',
      { sessionId: sessions[0].id },
      '... on RevokeSessionSuccess { sessionId } ... on NotFound { id }',
    );
  expect(await revoke(stranger.client)).toMatchObject({ code: 'NOT_FOUND', id: sessions[0].id });
  expect(await revoke(client)).toEqual({ __typename: 'RevokeSessionSuccess', sessionId: sessions[0].id });
  expect(await refresh(second.tokens.refreshToken)).toEqual(refused);

  for (let round = 0; round < 2; round += 1) {
    const { logout } = await shop.anonymous.request(
      'mutation ($input: LogoutInput!) { logout(input: $input) { ... on LogoutSuccess { ok } } }',
      { input: { refreshToken: next.tokens.refreshToken } },
    );
    expect(logout).toEqual({ ok: true });
  }
  expect(await sessionsOf(client)).toEqual([]);
  const { revokeAllSessions } = await client.request(
    'mutation { revokeAllSessions { ... on RevokeAllSessionsSuccess { revoked } } }',
  );
  expect(revokeAllSessions).toEqual({ revoked: 0 });
});

test('a refresh token works once: reuse ends the session, also of 50 uses at once', async () => {
  const { email, refreshToken } = await register();
  const next = await refresh(refreshToken);
  expect(await refresh(refreshToken)).toEqual(refused);
  expect(await refresh(next.tokens.refreshToken)).toEqual(refused);

  const raced = (await login(email)).tokens.refreshToken;
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => refresh(raced)));
  expect(outcomes.filter(({ __typename }) => __typename === 'RefreshSessionSuccess')).toHaveLength(1);
  expect(outcomes.filter(({ __typename }) => __typename === 'InvalidRefreshToken')).toHaveLength(49);
});

test('profile and password are changed by their owner', async () => {
  const { client, email, refreshToken } = await register();
  const other = (await login(email)).tokens.refreshToken;
  const user = '... on UpdateProfileSuccess { user { name phone email } } ... on InvalidInput { issues { path } }';
  const update = (input: object) => mutate(client, 'updateProfile', 'UpdateProfileInput', input, user);
  expect(await update({ name: 'Grace', phone: null })).toEqual({
    __typename: 'UpdateProfileSuccess',
    user: { name: 'Grace', phone: null, email },
  });
  expect(await update({ name: '' })).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: 'name' }] });
  expect(await update({ email: (await register()).email.toUpperCase() })).toMatchObject({ code: 'EMAIL_TAKEN' });

  const newPassword = 'staple battery horse correct';
  const change = (currentPassword: string) =>
    mutate(
      client,
      'changePassword',
      'ChangePasswordInput',
      { currentPassword, newPassword },
      '... on ChangePasswordSuccess { user { name } }',
    );
  expect(await change(`${password}!`)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await change(password)).toEqual({ __typename: 'ChangePasswordSuccess', user: { name: 'Grace' } });
  expect(await refresh(other)).toEqual(refused);
  expect(await refresh(refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' });
  expect(await login(email)).toMatchObject({ __typename: 'InvalidCredentials' });
  expect(await login(email, newPassword)).toMatchObject({ __typename: 'LoginSuccess' });

  const { errors } = await shop.anonymous.execute(
    `mutation { updateProfile(input: { name: "Nobody" }) { __typename } }`,
  );
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('a deleted account leaves its orders, and nothing of the person', async () => {
  const { client, email, refreshToken } = await register();
  const product = await shop.newProduct();
  const { order } = await placeOrder(client, [[product, 2]], {
    shippingAddress: {
      recipient: 'Ada',
      street: '1 Main Street',
      city: 'Springfield',
      postalCode: '12345',
      country: 'US',
    },
  });
  await untilStatus(client, order.id, 'RESERVED');
  const remove = (secret: string) =>
    mutate(
      client,
      'deleteAccount',
      'DeleteAccountInput',
      { password: secret },
      '... on DeleteAccountSuccess { userId }',
    );
  expect(await remove(`${password}!`)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(await remove(password)).toMatchObject({ __typename: 'DeleteAccountSuccess' });

  expect((await client.request('{ me { id } }')).me).toBeNull();
  expect(await refresh(refreshToken)).toEqual(refused);
  await eventually(async () => {
    const data = await shop.admin.request(
      `query ($id: ID!) {
        order(id: $id) { status customer { id name } total { amount } shippingAddress { recipient street city postalCode country } billingAddress { street } history { actorId } }
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
  const read = await client.execute('query ($id: ID!) { order(id: $id) { id } }', { id: order.id });
  expect(read.data.order).toBeNull();
  const placed = await client.execute(
    `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }`,
    {
      input: {
        items: [{ productId: product, quantity: 1 }],
        shippingAddress: { street: 'a', city: 'b', postalCode: 'c', country: 'US' },
        idempotencyKey: randomUUID(),
      },
    },
  );
  expect(placed.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await register(email);
});
