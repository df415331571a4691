import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  CreateUser,
  ListUsers,
  Login,
  Me,
  PlaceOrder,
  Register,
  RequestPasswordReset,
  ResetPassword,
  SetUserActive,
  SetUserRole,
  VerifyEmail,
  type LoginMutation,
  type SetUserRoleInput,
} from '@shop/client';
import { findRecipients, nameVariables, topology } from '@shop/contracts';
import { connectBroker } from '@shop/messaging';
import type { StackService } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlClient } from '@shop/testing';
import pg from 'pg';
import { address as postalAddress, password, requireMember, type Shop } from '../shop.ts';

let shop: Shop;
let lastAddress = 0;
const newAddress = () => `203.0.113.${(lastAddress += 1)}`;
const from = (address: string) => ({ 'x-forwarded-for': address });

async function newAccount(address: string): Promise<string> {
  const input = { email: `${randomUUID()}@example.com`, password, name: 'Ada' };
  const answer = await shop.anonymous.execute(Register, { input }, from(address));
  expect(answer.data?.register).toMatchObject({ __typename: 'RegisterSuccess' });
  return input.email;
}

async function login(
  input: { email: string; password: string },
  address: string,
): Promise<LoginMutation['login'] | undefined> {
  const answer = await shop.anonymous.execute(Login, { input }, from(address));
  expect(answer.errors).toBeUndefined();
  return answer.data?.login;
}

/** The maximum number of sign-ins that the gateway accepts in one request, each with an alias. */
async function aliased(count: number, emailOf: (index: number) => string, address: string): Promise<string[]> {
  const fields = Array.from(
    { length: count },
    (_, index) =>
      `a${index}: login(input: { email: "${emailOf(index)}", password: "wrong password ${index}" }) { __typename }`,
  );
  const answer = await shop.anonymous.execute<Record<string, { __typename: string }>>(
    `mutation { ${fields.join('\n')} }`,
    {},
    from(address),
  );
  expect(answer.errors).toBeUndefined();
  return Object.values(answer.data ?? {}).map(({ __typename }) => __typename);
}

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Returns the token of the newest link of an account for a purpose, as the notification service gets it to send a mail. */
async function tokenOf(userId: string, purpose: string): Promise<string> {
  const database = new pg.Client({ connectionString: shop.stack.databaseUrl('user') });
  const url = shop.stack.natsUrl('notification');
  const broker = await connectBroker({ url, service: 'notification', topology, logger });
  try {
    await database.connect();
    return await eventually(async () => {
      const { rows } = await database.query<{ id: string }>(
        'SELECT id FROM account_requests WHERE user_id = $1 AND purpose = $2::"RequestPurpose" ORDER BY id DESC LIMIT 1',
        [userId, purpose],
      );
      const questions = [{ userId, requestId: rows[0]?.id }];
      const [answer] = findRecipients.response.parse(await broker.request(findRecipients, { questions })).answers;
      expect(answer?.link).not.toBeNull();
      return answer?.link?.token ?? '';
    });
  } finally {
    await Promise.all([database.end(), broker.close()]);
  }
}

const stops: (() => Promise<void>)[] = [];

/** A second gateway, whose order subgraph takes orders of verified customers only. */
async function startDemandingGateway(): Promise<StackService> {
  const order = await shop.stack.startReplica('order', { env: { REQUIRE_VERIFIED_EMAIL: 'true' } });
  stops.push(order.stop);
  const gateway = await shop.stack.startReplica('gateway', { env: { [nameVariables('order').url]: order.url } });
  stops.push(gateway.stop);
  return gateway;
}

/** Accounts and their sessions. The addresses of callers come from a proxy's header, so that the tests can use several. */
export function testSignIn(openedShop: () => Shop): void {
  beforeAll(() => void (shop = openedShop()));
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  test('100 sign-ins in one request count as 100 attempts, and do not block other addresses', async () => {
    const home = newAddress();
    const email = await newAccount(home);
    const outcomes = await aliased(100, () => email, newAddress());
    expect(outcomes.filter((name) => name === 'InvalidCredentials')).toHaveLength(10);
    expect(outcomes.filter((name) => name === 'TooManyAttempts')).toHaveLength(90);
    expect(await login({ email, password }, home)).toMatchObject({ __typename: 'LoginSuccess' });
    expect(await login({ email, password }, newAddress())).toMatchObject({ __typename: 'LoginSuccess' });

    const many = await aliased(100, () => `${randomUUID()}@example.com`, newAddress());
    expect(many.filter((name) => name === 'TooManyAttempts')).toHaveLength(50);
  });

  test('a blocked sign-in reports when to retry', async () => {
    const [email, address] = [`${randomUUID()}@example.com`, newAddress()];
    await aliased(10, () => email, address);
    const refused = await login({ email, password }, address);
    expect(refused).toMatchObject({ __typename: 'TooManyAttempts', code: 'TOO_MANY_ATTEMPTS' });
    const retryAt = Date.parse(requireMember(refused, 'TooManyAttempts').retryAt);
    expect(retryAt).toBeGreaterThan(Date.now());
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 300_000);
  });

  test('an unknown e-mail, a wrong password and an inactive account get the same answer', async () => {
    const [email, inactive] = [await newAccount(newAddress()), await newAccount(newAddress())];
    const { users } = await shop.admin.request(ListUsers, { filter: { search: inactive } });
    await shop.admin.request(SetUserActive, { input: { userId: String(users.nodes[0]?.id), active: false } });
    const bodies = [];
    for (const input of [
      { email, password: 'not the right one' },
      { email: `${randomUUID()}@example.com`, password },
      { email: inactive, password },
    ]) {
      const response = await fetch(shop.stack.graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...from(newAddress()) },
        body: JSON.stringify({ query: Login.body, variables: { input } }),
      });
      bodies.push(`${response.status} ${await response.text()}`);
    }
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toContain('INVALID_CREDENTIALS');
  });

  test('an order needs a verified e-mail where that is required, and a link verifies it', async () => {
    const input = { email: `${randomUUID()}@example.com`, password, name: 'Ada' };
    const answer = await shop.anonymous.request(Register, { input });
    const { user, tokens } = requireMember(answer.register, 'RegisterSuccess');
    expect(user).toMatchObject({ emailVerified: false, pendingEmail: null });
    const customer = shop.anonymous.as(tokens.accessToken);
    const demanding = await startDemandingGateway();
    const atDemanding = graphqlClient(`${demanding.url}/graphql`, tokens.accessToken);
    const order = {
      items: [{ productId: await shop.newProduct(), quantity: 1 }],
      shippingAddress: postalAddress,
      idempotencyKey: randomUUID(),
    };
    const place = () => atDemanding.execute(PlaceOrder, { input: order });
    expect((await place()).data?.placeOrder).toMatchObject({
      __typename: 'EmailNotVerified',
      code: 'EMAIL_NOT_VERIFIED',
    });
    const token = await tokenOf(user.id, 'VERIFY_EMAIL');
    const verify = async () => (await shop.anonymous.request(VerifyEmail, { input: { token } })).verifyEmail;
    expect(await verify()).toMatchObject({ __typename: 'VerifyEmailSuccess', user: { id: user.id, email: null } });
    expect(await verify()).toMatchObject({ __typename: 'InvalidToken', code: 'INVALID_TOKEN' });
    expect(await customer.request(Me, {})).toMatchObject({ me: { emailVerified: true } });
    expect((await place()).data?.placeOrder).toMatchObject({ __typename: 'PlaceOrderSuccess' });
  });

  test('an invited account signs in after its link, and a password is reset by a link', async () => {
    const email = `${randomUUID()}@example.com`;
    const { createUser } = await shop.admin.request(CreateUser, { input: { email, name: 'Grace', role: 'STAFF' } });
    const { user } = requireMember(createUser, 'CreateUserSuccess');
    expect(user).toMatchObject({ email, role: 'STAFF', emailVerified: false });
    expect((await shop.admin.request(CreateUser, { input: { email, name: 'Grace' } })).createUser).toMatchObject({
      code: 'EMAIL_TAKEN',
    });
    const set = async (token: string, newPassword: string) =>
      (await shop.anonymous.request(ResetPassword, { input: { token, newPassword } })).resetPassword;
    expect(await set(await tokenOf(user.id, 'INVITATION'), password)).toMatchObject({
      __typename: 'ResetPasswordSuccess',
      user: { id: user.id },
    });
    const home = newAddress();
    expect(await login({ email, password }, home)).toMatchObject({ user: { id: user.id, emailVerified: true } });

    const ask = async (each: string) =>
      (await shop.anonymous.request(RequestPasswordReset, { input: { email: each } })).requestPasswordReset;
    expect(await ask(email)).toEqual(await ask(`${randomUUID()}@example.com`));
    const token = await tokenOf(user.id, 'RESET_PASSWORD');
    expect(await set(token, 'short')).toMatchObject({ __typename: 'InvalidInput' });
    expect(await set(token, `${password}!`)).toMatchObject({ __typename: 'ResetPasswordSuccess' });
    expect(await set(token, `${password}?`)).toMatchObject({ __typename: 'InvalidToken' });
    expect(await login({ email, password }, home)).toMatchObject({ __typename: 'InvalidCredentials' });
    expect(await login({ email, password: `${password}!` }, home)).toMatchObject({ __typename: 'LoginSuccess' });
  });

  test('only administrators find accounts and change their roles', async () => {
    const email = await newAccount(newAddress());
    const { users } = await shop.admin.request(ListUsers, { first: 1, filter: { search: email.toUpperCase() } });
    expect(users).toMatchObject({
      totalCount: 1,
      nodes: [{ email, role: 'CUSTOMER' }],
      pageInfo: { hasNextPage: false },
    });
    const input: SetUserRoleInput = { userId: String(users.nodes[0]?.id), role: 'STAFF' };
    const signedIn = requireMember(await login({ email, password }, newAddress()), 'LoginSuccess');
    for (const client of [shop.anonymous, shop.anonymous.as(signedIn.tokens.accessToken)] satisfies GraphqlClient[]) {
      expect(
        (await client.execute(ListUsers, { first: 1, filter: { search: email } })).errors?.[0]?.extensions?.['code'],
      ).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/);
      expect((await client.execute(SetUserRole, { input })).errors?.[0]?.extensions?.['code']).toMatch(
        /^(UNAUTHENTICATED|FORBIDDEN)$/,
      );
    }
    expect((await shop.admin.request(SetUserRole, { input })).setUserRole).toMatchObject({
      __typename: 'SetUserRoleSuccess',
      user: { email, role: 'STAFF' },
    });
    const { users: admins } = await shop.admin.request(ListUsers, { filter: { role: 'ADMIN' } });
    const last = await shop.admin.request(SetUserRole, {
      input: { userId: String(admins.nodes[0]?.id), role: 'CUSTOMER' },
    });
    expect(last.setUserRole).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
  });

  test('a command announces a new key to the running system', async () => {
    const { stack, admin } = shop;
    const command = (...args: string[]) =>
      spawnSync(process.execPath, ['dist/shop.js', 'keys', ...args], {
        encoding: 'utf8',
        env: { ...process.env, DATA_DIR: stack.dataDir },
      });
    const rotated = command('rotate');
    expect(rotated.stderr).toBe('');
    expect(rotated.stdout).toMatch(/\w{16} {2}announced .*\n\w{16} {2}signs /);
    await eventually(async () => {
      const { keys } = (await (await fetch(`${stack.service('user').url}/.well-known/jwks.json`)).json()) as {
        keys: object[];
      };
      expect(keys).toEqual([
        expect.not.objectContaining({ d: expect.anything() }),
        expect.not.objectContaining({ d: expect.anything() }),
      ]);
    });
    expect(await admin.request(Me, {})).toMatchObject({ me: { role: 'ADMIN', emailVerified: true } });
    expect(command('rotate')).toMatchObject({ status: 1, stderr: expect.stringContaining('announced already') });

    const file = stack.secrets.accessTokenKeysFile;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const secrets = (JSON.parse(await readFile(file, 'utf8')) as { d: string }[]).map(({ d }) => d);
    const logs = path.join(stack.dataDir, 'logs');
    const texts = await Promise.all((await readdir(logs)).map((name) => readFile(path.join(logs, name), 'utf8')));
    for (const text of [...texts, rotated.stdout, command('list').stdout])
      for (const secret of secrets) expect(text).not.toContain(secret);
  });
}
