import {
  createShopClient,
  expectSuccess,
  GraphqlError,
  isSuccess,
  Logout,
  Me,
  ProductPage,
  UserFailure,
  type CancelOrderMutation,
} from '@shop/client';
import { VersionTokens } from '../src/transport/version-tokens.ts';
import { data, startServer, type Reply, type TestServer } from './server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(reply: Reply) {
  server = await startServer(() => reply);
  return createShopClient({
    url: server.url,
    retry: { attempts: 1 },
    headers: () => ({ traceparent: 't', 'content-type': 'text/plain' }),
  });
}

const error = {
  message: 'You may not.',
  path: ['product', 'inventory'],
  extensions: { code: 'FORBIDDEN', scope: 'inventory:read' },
};

test('an answer with errors is thrown as an error with code, path and the partial data', async () => {
  const shop = await open({ body: { data: { product: { id: 'p' } }, errors: [error] } });
  const thrown: unknown = await shop.request(ProductPage, { id: 'p' }).catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(GraphqlError);
  expect(thrown).toMatchObject({
    code: 'FORBIDDEN',
    path: ['product', 'inventory'],
    message: 'FORBIDDEN at product.inventory: You may not.',
    data: { product: { id: 'p' } },
    errors: [{ extensions: { scope: 'inventory:read' } }],
    status: 200,
  });
});

test('execute returns both data and errors', async () => {
  const shop = await open({ body: { data: { product: { id: 'p' } }, errors: [error] } });
  expect(await shop.execute(ProductPage, { id: 'p' })).toMatchObject({
    data: { product: { id: 'p' } },
    errors: [{ code: 'FORBIDDEN' }],
  });
});

test('a request that is rejected as a whole has no data', async () => {
  const shop = await open({
    status: 400,
    body: { errors: [{ message: 'Too much.', extensions: { code: 'COST_LIMIT_EXCEEDED', limit: 1 } }] },
  });
  expect(await shop.execute(Me)).toEqual({
    data: null,
    errors: [
      {
        code: 'COST_LIMIT_EXCEEDED',
        message: 'Too much.',
        path: [],
        extensions: { code: 'COST_LIMIT_EXCEEDED', limit: 1 },
      },
    ],
  });
});

test.each<[string, Reply]>([
  ['HTML', { status: 404, text: '<html></html>' }],
  ['nothing', { status: 200, text: '' }],
  ['JSON of something else', { status: 200, text: '{"hello":1}' }],
  ['a list', { status: 200, text: '[]' }],
  ['null', { status: 200, text: 'null' }],
  ['a list of errors without an error', { status: 200, body: { errors: [null] } }],
])('an answer that is %s is rejected as not GraphQL', async (_what, reply) => {
  const shop = await open(reply);
  await expect(shop.request(Me)).rejects.toMatchObject({
    name: 'HttpError',
    status: (reply as { status: number }).status,
  });
});

test.each([[[{}]], [['x']], [[{ message: 1, path: 'x', extensions: null }]]])(
  'unusual errors are reported as errors: %j',
  async (errors) => {
    const shop = await open({ body: { errors } });
    await expect(shop.request(Me)).rejects.toMatchObject({ name: 'GraphqlError', code: 'UNKNOWN', path: [] });
  },
);

test('an answer with neither data nor errors is an error', async () => {
  await expect((await open(data(null))).request(Me)).rejects.toMatchObject({ name: 'GraphqlError', code: 'UNKNOWN' });
});

test('an answer that announces more parts is returned as the answer', async () => {
  const shop = await open({ body: { data: { me: null }, hasNext: true } });
  expect(await shop.request(Me)).toEqual({ me: null });
});

test('the app’s headers are sent, and do not replace the client’s own', async () => {
  await (await open(data({ me: null }))).request(Me);
  expect(server?.seen[0]?.headers).toMatchObject({ traceparent: 't', 'content-type': 'application/json' });
});

test('queries can be sent by GET, where their URL is not too long, and mutations never are', async () => {
  server = await startServer(() => ({ body: { data: { product: null, logout: null } } }));
  const shop = createShopClient({ url: server.url, useGetForQueries: true, persistedOnly: true });
  await shop.request(ProductPage, { id: 'p' });
  await shop.request(ProductPage, { id: 'p'.repeat(3_000) });
  await shop.request(Logout, { input: { refreshToken: 'x' } });
  expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
  const [first] = server.seen;
  expect(first?.headers['apollo-require-preflight']).toBe('true');
  expect(first?.body).toEqual({
    operationName: 'ProductPage',
    variables: { id: 'p' },
    extensions: { persistedQuery: { version: 1, sha256Hash: ProductPage.id } },
  });
});

test('requests carry the last version token of each service that a mutation has written', async () => {
  const tokens = ['product.a.1,order.a.2', ' order.b.3', ''];
  server = await startServer((_request, seen) => {
    const token = tokens[seen.length - 1];
    return { body: { data: { me: null } }, headers: token === undefined ? {} : { 'x-version-token': token } };
  });
  const shop = createShopClient({ url: server.url });
  for (let times = 0; times < 4; times += 1) await shop.request(Me);
  expect(server.seen.map(({ headers }) => headers['x-version-token'])).toEqual([
    undefined,
    'product.a.1,order.a.2',
    'product.a.1,order.b.3',
    'product.a.1,order.b.3',
  ]);
  // Another client has written nothing.
  await createShopClient({ url: server.url }).request(Me);
  expect(server.seen.at(-1)?.headers).not.toHaveProperty('x-version-token');
});

test('a version token is sent for five minutes', () => {
  let now = 0;
  const tokens = new VersionTokens(() => now);
  tokens.read(new Headers({ 'x-version-token': 'product.a.1' }));
  const written = (): string | null => {
    const headers = new Headers();
    tokens.write(headers);
    return headers.get('x-version-token');
  };
  now = 300_000;
  expect(written()).toBe('product.a.1');
  now += 1;
  expect(written()).toBeNull();
});

describe('expectSuccess', () => {
  type Cancel = CancelOrderMutation['cancelOrder'];

  test('returns the success', () => {
    const result = { __typename: 'CancelOrderSuccess', order: { id: 'o' } } as Cancel;
    expect(expectSuccess(result).order.id).toBe('o');
    expect(isSuccess(result)).toBe(true);
  });

  test('throws the failure with its members', () => {
    const result: Cancel = {
      __typename: 'InvalidTransition',
      from: 'SHIPPED',
      to: 'CANCELLED',
      code: 'INVALID_TRANSITION',
      message: 'It is shipped.',
    };
    const thrown = (() => {
      try {
        return expectSuccess(result as Cancel);
      } catch (reason) {
        return reason;
      }
    })();
    expect(thrown).toBeInstanceOf(UserFailure);
    expect(thrown).toMatchObject({
      code: 'INVALID_TRANSITION',
      message: 'INVALID_TRANSITION: It is shipped.',
      failure: result,
    });
  });

  test('treats a failure that this client does not know as a failure', () => {
    expect(() => expectSuccess({ __typename: 'Moved' } as never)).toThrow(UserFailure);
  });
});
