import { randomBytes, randomUUID } from 'node:crypto';
import {
  anonymous,
  createInternalTokenSigner,
  internalToken,
  parseScopes,
  type InternalTokenSigner,
  type Viewer,
} from '@shop/process';
import {
  ArchiveProject,
  CancelOrder,
  CreateProject,
  CreateTask,
  Login,
  MySessions,
  Register,
  SetUserRole,
  UpdateProfile,
} from '@shop/client';
import { serviceNames } from '@shop/contracts';
import { graphqlClient, type GraphqlAnswer, type GraphqlClient } from '@shop/testing';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { callers, rows, type Caller } from './access-matrix.ts';
import { questionFor, type Question, type SubgraphName, type Things } from './access-questions.ts';
import { openSharedShop, password, placeOrder, registerCustomer, requireMember, type SharedShop } from './shop.ts';

let shop: SharedShop;
let signer: InternalTokenSigner;
let things: Things;
const tokens = {} as Record<Exclude<Caller, 'anonymous'>, string>;
let refreshToken: string;

/** Signs in, and returns the access token. */
async function signIn(input: { email: string; password: string }): Promise<string> {
  const { login } = await shop.anonymous.request(Login, { input });
  return requireMember(login, 'LoginSuccess').tokens.accessToken;
}

beforeAll(async () => {
  shop = await openSharedShop();
  signer = createInternalTokenSigner({ privateJwk: shop.system.internalTokenKey });
  const customer = await registerCustomer(shop.anonymous);
  await customer.client.request(UpdateProfile, {
    input: { email: `new.${customer.email}`, currentPassword: password },
  });
  const clerk = await registerCustomer(shop.anonymous);
  await shop.admin.request(SetUserRole, { input: { userId: clerk.id, role: 'STAFF' } });
  // An administrator of this file: the questions end all sessions of their caller.
  const administrator = await registerCustomer(shop.anonymous);
  await shop.admin.request(SetUserRole, { input: { userId: administrator.id, role: 'ADMIN' } });
  tokens['admin'] = await signIn({ email: administrator.email, password });
  tokens['customer A'] = customer.accessToken;
  tokens['customer B'] = (await registerCustomer(shop.anonymous)).accessToken;
  tokens['staff'] = await signIn({ email: clerk.email, password });
  refreshToken = customer.refreshToken;

  const sku = randomUUID();
  const productId = await shop.newProduct({ sku, initialStock: 1_000 });
  const newOrder = async () => (await placeOrder(as('customer A'), [[productId, 1]])).order.id;
  const cancelledOrderId = await newOrder();
  await as('customer A').request(CancelOrder, { input: { orderId: cancelledOrderId } });
  const [projectId, archivedProjectId] = [await newProject(), await newProject()];
  await as('customer A').request(ArchiveProject, { input: { id: archivedProjectId } });
  const { createTask } = await as('customer A').request(CreateTask, { input: { projectId, title: 'Count the stock' } });
  const taskId = requireMember(createTask, 'CreateTaskSuccess').task.id;
  const tasks = { projectId, archivedProjectId, taskId };
  things = { userId: customer.id, orderId: await newOrder(), productId, sku, newOrder, cancelledOrderId, ...tasks };
});

async function newProject(): Promise<string> {
  const input = { key: `A${randomBytes(6).toString('hex').toUpperCase()}`, name: 'A project' };
  const { createProject } = await as('customer A').request(CreateProject, { input });
  return requireMember(createProject, 'CreateProjectSuccess').project.id;
}

const as = (caller: Caller): GraphqlClient =>
  caller === 'anonymous' ? shop.anonymous : shop.anonymous.as(tokens[caller]);
const endpointOf = (subgraph: SubgraphName) => graphqlClient(`${shop.system.urls[subgraph]}/graphql`);

function viewerOf(caller: Caller): Viewer {
  if (caller === 'anonymous') return anonymous;
  const { sub, sid, scope } = decodeJwt(tokens[caller]);
  return { userId: String(sub), sessionId: String(sid), scopes: parseScopes(scope) };
}

/** A call that uses the gateway's key, as somebody in the gateway's place would send. */
async function askSubgraph(caller: Caller, { subgraph, query, variables }: Question): Promise<GraphqlAnswer<unknown>> {
  const headers = { [internalToken.header]: await signer.sign(viewerOf(caller), subgraph), 'x-client-ip': '127.0.0.1' };
  return endpointOf(subgraph).execute(query, variables, headers);
}

/** The answer as a cell of the matrix. */
function cellOf({ data, errors }: GraphqlAnswer<unknown>, path: Question['path']): unknown {
  const error = errors?.[0];
  if (error !== undefined) {
    expect(error.path).toEqual(path);
    return error.extensions?.['code'];
  }
  const value =
    path.reduce<unknown>((parent, name) => (parent as Record<string, unknown> | null)?.[name], data) ?? null;
  return value === null ? 'null' : ((value as { __typename?: string }).__typename ?? 'value');
}

describe('access matrix', () => {
  const isRoot = ({ member }: { member: string }) => /^(Query|Mutation)\./.test(member);

  test.each(rows.filter(isRoot))(
    'the gateway answers each caller of $member as the matrix says',
    async ({ member, cells }) => {
      for (const caller of callers) {
        const question = await questionFor(member, things);
        const answer = await as(caller).execute(question.query, question.variables);
        expect({ caller, cell: cellOf(answer, question.path) }).toEqual({ caller, cell: cells[caller] });
      }
    },
  );

  test.each(rows)('the subgraph answers each caller of $member as the matrix says', async ({ member, cells }) => {
    for (const caller of callers) {
      const question = await questionFor(member, things);
      const answer = await askSubgraph(caller, question);
      expect({ caller, cell: cellOf(answer, question.path) }).toEqual({ caller, cell: cells[caller] });
    }
  });
});

test('the gateway answers a forbidden field with null and an error, and returns the other fields', async () => {
  const query = '{ products(first: 1) { nodes { id inventory { onHand } } } me { email } users { totalCount } }';
  const nullable = query.replace(' users { totalCount }', '');
  expect((await shop.anonymous.execute(nullable)).errors).toEqual([
    {
      message: 'You must be signed in.',
      path: ['products', 'nodes', 0, 'inventory'],
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ]);
  const { data, errors } = await as('customer B').execute(nullable);
  expect(data).toEqual({
    products: { nodes: [{ id: expect.any(String), inventory: null }] },
    me: { email: expect.any(String) },
  });
  expect(errors).toEqual([
    {
      message: 'This needs the scope inventory:read.',
      path: ['products', 'nodes', 0, 'inventory'],
      extensions: { code: 'FORBIDDEN', scope: 'inventory:read' },
    },
  ]);
  expect(await as('customer B').execute(query)).toMatchObject({
    data: null,
    errors: [{ path: ['users'], extensions: { code: 'FORBIDDEN' } }],
  });
  const { products } = await as('staff').request<{ products: { nodes: object[] } }>(query);
  // The newest product may be one of another test file.
  expect(products.nodes).toEqual([{ id: expect.any(String), inventory: { onHand: expect.any(Number) } }]);
});

test('a customer cannot read the order of another customer', async () => {
  const query = '{ order(id: "ORDER") { customer { email orders { totalCount } } } }'.replace('ORDER', things.orderId);
  const read = (caller: Caller) => as(caller).request<{ order: { customer: object | null } | null }>(query);
  expect((await read('customer A')).order?.customer).toEqual({
    email: expect.any(String),
    orders: { totalCount: expect.any(Number) },
  });
  expect((await read('customer B')).order).toBeNull();
});

describe('forged tokens', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const secretOf = (jwk: { x?: string }) => Buffer.from(String(jwk.x), 'base64url');

  /** The same forgeries for both kinds of tokens, made with the public half of a key. */
  async function forgeries(
    good: JWTPayload,
    header: { alg: string; typ: string; kid: string },
    publicJwk: { x?: string },
  ): Promise<string[]> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const sign = (claims: JWTPayload, more: object = {}) =>
      new SignJWT(claims).setProtectedHeader({ ...header, ...more }).sign(privateKey);
    const own = await exportJWK(publicKey);
    return [
      'x',
      randomBytes(32).toString('base64url'),
      new UnsecuredJWT(good).encode(),
      await new SignJWT(good).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secretOf(publicJwk)),
      await sign(good),
      await sign(good, { jwk: own }),
      await sign(good, {
        jku: `${shop.system.urls.gateway}/.well-known/jwks.json`,
        x5u: 'http://127.0.0.1:1/',
        x5c: ['MIIB'],
      }),
      await sign(good, { kid: 'made-up' }),
    ];
  }

  test('the gateway rejects forged access tokens', async () => {
    const jwks = (await (await fetch(`${shop.system.urls.gateway}/.well-known/jwks.json`)).json()) as {
      keys: { x: string; kid: string }[];
    };
    const good = { ...decodeJwt(tokens['admin']), exp: now() + 60 };
    const [, payload = '', signature = ''] = tokens['customer B'].split('.');
    const raised = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), scope: 'user:read' }),
    ).toString('base64url');
    const all = [
      ...(await forgeries(good, { alg: 'EdDSA', typ: 'at+jwt', kid: String(jwks.keys[0]?.kid) }, jwks.keys[0] ?? {})),
      refreshToken,
      await signer.sign(viewerOf('admin'), 'user'),
      `${tokens['customer B'].split('.')[0]}.${raised}.${signature}`,
    ];
    for (const token of all) {
      const answer = await shop.anonymous.as(token).execute('{ products { totalCount } }');
      expect({ token, status: answer.status, data: answer.data }).toEqual({ token, status: 401, data: undefined });
      expect(answer.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    }
  });

  test.each(serviceNames)(
    'the %s subgraph rejects forged internal tokens before it reads the query',
    async (subgraph) => {
      const jwk = shop.system.internalTokenKey;
      const good = {
        iss: 'gateway',
        aud: subgraph,
        sub: things.userId,
        scope: 'user:read',
        iat: now(),
        exp: now() + 60,
      };
      const header = { alg: 'EdDSA', typ: 'internal+jwt', kid: String(jwk.kid) };
      const key = await importJWK(jwk, 'EdDSA');
      const signed = (claims: object, more: object = {}) =>
        new SignJWT({ ...good, ...claims }).setProtectedHeader({ ...header, ...more }).sign(key);
      const ask = (token: string, query = '{ __typename }') =>
        endpointOf(subgraph).execute(
          query,
          {},
          { [internalToken.header]: token, authorization: `Bearer ${tokens['admin']}`, 'x-user-id': things.userId },
        );
      expect((await ask(await signed({}))).status).toBe(200);

      const all = [
        ...(await forgeries(good, header, { x: String(jwk.x) })),
        tokens['admin'],
        refreshToken,
        await signed({}, { typ: 'at+jwt' }),
        await signed({ iss: 'somebody' }),
        await signed({ aud: subgraph === 'user' ? 'order' : 'user' }),
        await signed({ exp: now() - 60, iat: now() - 120 }),
        await signed({ nbf: now() + 60 }),
        await signed({ exp: now() + 86_400, iat: now() - 3_600 }),
      ];
      for (const token of all) expect({ token, status: (await ask(token)).status }).toEqual({ token, status: 401 });
      for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }', '{']) {
        expect(await ask(tokens['admin'], query)).toEqual({
          status: 401,
          data: undefined,
          errors: [{ message: 'Only the gateway may call this service.', extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
    },
  );

  test('the gateway ignores headers that claim an identity', async () => {
    const headers = {
      'x-user-id': things.userId,
      'x-user-role': 'ADMIN',
      'x-scopes': 'user:read',
      [internalToken.header]: await signer.sign(viewerOf('admin'), 'user'),
    };
    expect((await shop.anonymous.execute('{ me { id } }', {}, headers)).data).toEqual({ me: null });
    expect(
      (await as('customer B').execute('query ($id: ID!) { order(id: $id) { id } }', { id: things.orderId }, headers))
        .data,
    ).toEqual({ order: null });
  });

  test('a session shows the address of its connection, not the one in a header', async () => {
    const { data } = await shop.anonymous.execute(
      Register,
      { input: { email: `${randomUUID()}@example.com`, password, name: 'Ada' } },
      { 'x-client-ip': '192.0.2.1', 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1' },
    );
    const { accessToken } = requireMember(data?.register, 'RegisterSuccess').tokens;
    const { me } = await shop.anonymous.as(accessToken).request(MySessions, {});
    expect(me?.sessions).toMatchObject([{ ipAddress: expect.stringMatching(/127\.0\.0\.1|::1/) }]);
  });
});
