import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { anonymous, createLogger, type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { graphql, Kind, parse, type ObjectTypeDefinitionNode } from 'graphql';
import { client, password, startAccounts, type Accounts, type Opened } from '../../test/accounts.ts';
import { createContext } from '../context.ts';
import { updateProfile } from '../use-cases/update-profile.ts';
import { verifyEmail } from '../use-cases/verify-email.ts';
import { resolvers } from './index.ts';

let accounts: Accounts;
const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'user',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});
beforeAll(async () => {
  accounts = await startAccounts();
});
afterAll(() => accounts?.stop());

const schema = buildSubgraphSchema({
  typeDefs: parse(readFileSync('subgraphs/user/schema.graphql', 'utf8')),
  resolvers: resolvers as never,
});

async function run(source: string, viewer: Viewer, variableValues: Record<string, unknown> = {}) {
  const contextValue = createContext({ ...accounts.dependencies, logger }, { viewer, ...client });
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}
const as = ({ userId, sessionId }: Pick<Opened, 'userId' | 'sessionId'>, ...scopes: string[]): Viewer => ({
  userId,
  sessionId,
  scopes: new Set(scopes),
});
const asStaff = () => as({ userId: uuidv7(), sessionId: uuidv7() }, 'user:read');

const entity = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) {
  ... on User { id email name phone role active emailVerified pendingEmail sessions { id current } } } }`;
const hidden = {
  email: null,
  name: null,
  phone: null,
  role: null,
  active: null,
  emailVerified: null,
  pendingEmail: null,
};

describe('an account', () => {
  test('shows its personal fields and sessions to its owner, its personal fields to staff, and nothing to others', async () => {
    const [owner, other] = [await accounts.open({ phone: '123' }), await accounts.open()];
    const second = await accounts.signIn(owner.email);
    const see = async (viewer: Viewer) => (await run(entity, viewer, { id: owner.userId }))['_entities'][0];
    const pendingEmail = `new.${owner.email}`;
    await updateProfile(accounts.dependencies, { email: pendingEmail, currentPassword: password }, owner, client);
    const state = { role: 'CUSTOMER', active: true, emailVerified: false };
    const shown = { email: owner.email, name: 'Ada', phone: '123', ...state };
    expect(await see(as(owner))).toEqual({
      id: owner.userId,
      ...shown,
      pendingEmail,
      sessions: [
        { id: second.sessionId, current: false },
        { id: owner.sessionId, current: true },
      ],
    });
    expect(await see(asStaff())).toEqual({ id: owner.userId, ...shown, pendingEmail: null, sessions: null });
    for (const viewer of [as(other), as(other, 'order:read'), anonymous])
      expect(await see(viewer)).toEqual({ id: owner.userId, ...hidden, sessions: null });
  });

  test('is shown to the request that signs in to it, and no other account is', async () => {
    const [owner, other] = [await accounts.open(), await accounts.open()];
    const { a, b } = await run(
      `mutation ($a: LoginInput!, $b: LoginInput!) {
        a: login(input: $a) { ... on LoginSuccess { user { email } } }
        b: login(input: $b) { __typename ... on UserError { code } }
      }`,
      anonymous,
      { a: { email: owner.email, password }, b: { email: other.email, password: 'wrong' } },
    );
    expect(a).toEqual({ user: { email: owner.email } });
    expect(b).toEqual({ __typename: 'InvalidCredentials', code: 'INVALID_CREDENTIALS' });
    const contextValue = createContext({ ...accounts.dependencies, logger }, { viewer: anonymous, ...client });
    contextValue.justSignedIn.add(owner.userId);
    const { data } = await graphql({ schema, source: entity, variableValues: { id: other.userId }, contextValue });
    expect(data?.['_entities']).toMatchObject([hidden]);
  });
});

test('links answer anonymous callers, sign nobody in, and show what they changed to the owner', async () => {
  const owner = await accounts.open();
  const email = `new.${owner.email}`;
  const me = '{ me { email emailVerified pendingEmail } }';
  const changed = await run(
    `mutation ($input: UpdateProfileInput!) {
      updateProfile(input: $input) { ... on UpdateProfileSuccess { user { email pendingEmail } } }
      requestEmailVerification { __typename }
    }`,
    as(owner),
    { input: { email, currentPassword: password } },
  );
  expect(changed).toEqual({
    updateProfile: { user: { email: owner.email, pendingEmail: email } },
    requestEmailVerification: { __typename: 'RequestEmailVerificationSuccess' },
  });
  const { token } = await accounts.linkOf(owner.userId, 'email_verification_requested');
  const verify = `mutation ($token: String!) { verifyEmail(input: { token: $token }) {
    __typename ... on VerifyEmailSuccess { user { id email emailVerified } } ... on UserError { code } } }`;
  expect((await run(verify, anonymous, { token }))['verifyEmail']).toEqual({
    __typename: 'VerifyEmailSuccess',
    user: { id: owner.userId, email: null, emailVerified: null },
  });
  expect((await run(verify, anonymous, { token }))['verifyEmail']).toEqual({
    __typename: 'InvalidToken',
    code: 'INVALID_TOKEN',
  });
  expect((await run(me, as(owner)))['me']).toEqual({ email, emailVerified: true, pendingEmail: null });

  const ask = 'mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { __typename } }';
  for (const [each, answer] of [
    [email, 'RequestPasswordResetSuccess'],
    [`none.${email}`, 'RequestPasswordResetSuccess'],
    ['nobody', 'InvalidInput'],
  ])
    expect(await run(ask, anonymous, { email: each })).toEqual({ requestPasswordReset: { __typename: answer } });
  await accounts.beginResets();
  const link = await accounts.linkOf(owner.userId, 'password_reset_requested');
  const reset = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) {
    __typename ... on ResetPasswordSuccess { user { id email } } } }`;
  for (const [newPassword, answer] of [
    ['short', { __typename: 'InvalidInput' }],
    ['staple battery horse correct', { __typename: 'ResetPasswordSuccess', user: { id: owner.userId, email: null } }],
    ['staple battery horse correct', { __typename: 'InvalidToken' }],
  ])
    expect(await run(reset, anonymous, { input: { token: link.token, newPassword } })).toEqual({
      resetPassword: answer,
    });
});

test('an export of a person’s data has the pending e-mail and the former ones', async () => {
  const owner = await accounts.open();
  for (const prefix of ['a', 'b', 'c']) {
    const input = { email: `${prefix}.${owner.email}`, currentPassword: password };
    await updateProfile(accounts.dependencies, input, owner, client);
    const link = await accounts.linkOf(owner.userId, 'email_verification_requested');
    if (prefix !== 'c') await verifyEmail(accounts.dependencies, link);
  }
  const query = `query ($id: ID!) { personalData(userId: $id) {
    account { email emailVerified pendingEmail } pendingEmail formerEmails } }`;
  const admin = await accounts.open();
  expect(await run(query, as(admin, 'user:read', 'ops:write'), { id: owner.userId })).toEqual({
    personalData: {
      account: { email: `b.${owner.email}`, emailVerified: true, pendingEmail: null },
      pendingEmail: `c.${owner.email}`,
      formerEmails: [`a.${owner.email}`, owner.email],
    },
  });
});

test('a change of access shows the changed account, although the request has loaded it before', async () => {
  const { userId } = await accounts.open();
  const admin = await accounts.open();
  await accounts.dependencies.database.client.user.update({ where: { id: admin.userId }, data: { role: 'ADMIN' } });
  const document = `mutation ($id: ID!, $upper: ID!) {
    first: setUserRole(input: { userId: $id, role: STAFF }) { ...Changed }
    second: setUserActive(input: { userId: $upper, active: false }) { ... on SetUserActiveSuccess { user { role active } } }
    none: setUserRole(input: { userId: "nonsense", role: ADMIN }) { __typename ... on NotFound { id } }
  } fragment Changed on SetUserRoleResult { ... on SetUserRoleSuccess { user { role active } } }`;
  const contextValue = createContext(
    { ...accounts.dependencies, logger },
    { viewer: as(admin, 'user:read', 'user:write'), ...client },
  );
  await contextValue.users.load(userId);
  const variableValues = { id: userId, upper: userId.toUpperCase() };
  const { data, errors } = await graphql({ schema, source: document, variableValues, contextValue });
  expect(errors).toBeUndefined();
  expect(JSON.parse(JSON.stringify(data))).toEqual({
    first: { user: { role: 'STAFF', active: true } },
    second: { user: { role: 'STAFF', active: false } },
    none: { __typename: 'NotFound', id: 'nonsense' },
  });
  expect(await contextValue.users.load(userId)).toMatchObject({ role: 'STAFF', active: false });
});

test('a refresh token that is used again is logged with its session, and an unknown one is not', async () => {
  const { userId, sessionId, refreshToken } = await accounts.open();
  const refresh = async (token: string) =>
    (
      await run(`mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { __typename } }`, anonymous, {
        t: token,
      })
    )['refreshSession'].__typename;
  expect(await refresh(refreshToken)).toBe('RefreshSessionSuccess');
  expect(await refresh('unknown')).toBe('InvalidRefreshToken');
  expect(lines).toEqual([]);
  expect(await refresh(refreshToken)).toBe('InvalidRefreshToken');
  expect(lines).toMatchObject([{ level: 'warn', userId, sessionId }]);
});

describe('a mutation that needs a scope is decided by the account as it is now', () => {
  /** The input of each mutation with such a scope. A new one needs a line here. */
  const inputs: Record<string, (userId: string) => string> = {
    setUserRole: (userId) => `{ userId: "${userId}", role: ADMIN }`,
    createUser: (userId) => `{ email: "${userId}@example.com", name: "Ada", role: ADMIN }`,
    setUserActive: (userId) => `{ userId: "${userId}", active: false }`,
  };
  const { fields = [] } = parse(readFileSync('subgraphs/user/schema.graphql', 'utf8')).definitions.find(
    (node): node is ObjectTypeDefinitionNode =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Mutation',
  ) ?? { fields: [] };
  const scoped = fields.filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'requiresScopes'));

  test('and there is such a mutation', () => expect(scoped.length).toBeGreaterThan(1));

  test.each(scoped.map(({ name }) => name.value))('%s', async (name) => {
    const [caller, victim] = [await accounts.open(), await accounts.open()];
    const user = accounts.dependencies.database.client.user;
    const input = inputs[name]?.(victim.userId);
    expect(input).toBeDefined();
    const ask = async () => {
      const viewer = as(caller, 'user:read', 'user:write', 'ops:write');
      const contextValue = createContext({ ...accounts.dependencies, logger }, { viewer, ...client });
      const { errors } = await graphql({
        schema,
        source: `mutation { ${name}(input: ${input}) { __typename } }`,
        contextValue,
      });
      return errors?.[0]?.extensions['code'];
    };
    expect(await ask()).toBe('FORBIDDEN');
    await user.update({ where: { id: caller.userId }, data: { role: 'ADMIN', active: false } });
    expect(await ask()).toBe('UNAUTHENTICATED');
    await user.delete({ where: { id: caller.userId } });
    expect(await ask()).toBe('UNAUTHENTICATED');
    expect(await user.findUnique({ where: { id: victim.userId } })).toMatchObject({ role: 'CUSTOMER', active: true });
  });
});
