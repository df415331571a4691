import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { anonymous, createLogger, type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { graphql, parse } from 'graphql';
import { client, password, startAccounts, type Accounts, type Opened } from '../../test/accounts.ts';
import { createContext } from '../context.ts';
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
  ... on User { id email name phone role active sessions { id current } } } }`;
const hidden = { email: null, name: null, phone: null, role: null, active: null };

describe('an account', () => {
  test('shows its personal fields and sessions to its owner, its personal fields to staff, and nothing to others', async () => {
    const [owner, other] = [await accounts.open({ phone: '123' }), await accounts.open()];
    const second = await accounts.signIn(owner.email);
    const see = async (viewer: Viewer) => (await run(entity, viewer, { id: owner.userId }))['_entities'][0];
    const shown = { email: owner.email, name: 'Ada', phone: '123', role: 'CUSTOMER', active: true };
    expect(await see(as(owner))).toEqual({
      id: owner.userId,
      ...shown,
      sessions: [
        { id: second.sessionId, current: false },
        { id: owner.sessionId, current: true },
      ],
    });
    expect(await see(asStaff())).toEqual({ id: owner.userId, ...shown, sessions: null });
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

test('a change of access shows the changed account, although the request has loaded it before', async () => {
  const { userId } = await accounts.open();
  const document = `mutation ($id: ID!, $upper: ID!) {
    first: setUserRole(input: { userId: $id, role: STAFF }) { ...Changed }
    second: setUserActive(input: { userId: $upper, active: false }) { ... on SetUserActiveSuccess { user { role active } } }
    none: setUserRole(input: { userId: "nonsense", role: ADMIN }) { __typename ... on NotFound { id } }
  } fragment Changed on SetUserRoleResult { ... on SetUserRoleSuccess { user { role active } } }`;
  const contextValue = createContext({ ...accounts.dependencies, logger }, { viewer: asStaff(), ...client });
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
