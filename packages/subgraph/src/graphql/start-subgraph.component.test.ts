import { Agent, request as httpRequest } from 'node:http';
import { badUserInput } from '@shop/graphql';
import {
  type InternalTokenSigner,
  anonymous,
  type VerifyInternalToken,
  type Viewer,
  createLogger,
} from '@shop/process';
import { createGatewayKey } from '../../test/gateway-key.ts';
import { startSubgraph, type RunningSubgraph, type SubgraphRequest } from './start-subgraph.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { whoami: String crash: String away: String wrong: String slow: String request: String }
  type Thing @key(fields: "id") { id: ID! }
`;

const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'thing',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});
let signer: InternalTokenSigner;
let verifyToken: VerifyInternalToken;
let subgraph: RunningSubgraph;
let isDatabaseUp = true;
let isBrokerUp = true;
let overdue: Readonly<Record<string, number>> = {};
let release: () => void = () => undefined;
let slowStarted: Promise<void>;

beforeAll(async () => {
  ({ signer, verifyToken } = await createGatewayKey('thing'));
  let started: () => void = () => undefined;
  slowStarted = new Promise((resolve) => (started = resolve));
  subgraph = await startSubgraph<SubgraphRequest>({
    name: 'thing',
    host: '127.0.0.1',
    port: 0,
    logger,
    typeDefs,
    resolvers: {
      Query: {
        whoami: (_parent: unknown, _args: unknown, { viewer }: { viewer: Viewer }) => viewer.userId,
        crash: () => {
          throw new Error('password is hunter2');
        },
        away: () => {
          throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.3:5432'), { code: 'ECONNREFUSED' });
        },
        wrong: () => {
          throw badUserInput('No.');
        },
        request: (_parent: unknown, _args: unknown, context: SubgraphRequest) =>
          JSON.stringify([context.requestId, context.ip, context.userAgent]),
        slow: async () => {
          started();
          await new Promise<void>((resolve) => (release = resolve));
          return 'done';
        },
      },
    },
    verifyToken,
    createContext: (request) => request,
    readiness: { database: async () => void (isDatabaseUp || (await Promise.reject(new Error('10.0.0.3 is away')))) },
    waits: {
      broker: async () => {
        if (!isBrokerUp) throw new Error('no broker');
      },
    },
    overdue: () => overdue,
    isUnavailable: (error) => (error as { code?: string }).code === 'ECONNREFUSED',
    routes: (app) => void app.get('/.well-known/jwks.json', async () => ({ keys: [] })),
  });
});

afterAll(() => subgraph.close());

interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
}

async function post(
  query: string,
  headers: Record<string, string> = {},
  body = JSON.stringify({ query }),
): Promise<Answer> {
  const answer = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

const as = async (viewer: Viewer, audience = 'thing') => ({ 'x-internal-token': await signer.sign(viewer, audience) });
const user: Viewer = { userId: 'u1', sessionId: 's1', scopes: new Set() };

describe('without a valid internal token', () => {
  test.each([
    '{ whoami }',
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { __typename } }',
    '{ __typename }',
    '{',
  ])('%s is rejected before it is parsed', async (query) => {
    const { status, body } = await post(query, { authorization: 'Bearer x', 'x-user-id': 'u1' });
    expect(status).toBe(401);
    expect(body).toEqual({
      errors: [{ message: 'Only the gateway may call this service.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('a token for another subgraph is rejected before it is parsed', async () => {
    expect((await post('{ whoami }', await as(user, 'order'))).status).toBe(401);
  });

  test('malformed JSON and a body that is too large are not read', async () => {
    expect((await post('', {}, '{')).status).toBe(401);
  });
});

describe('with a valid internal token', () => {
  test('the viewer is the token’s viewer', async () => {
    expect((await post('{ whoami }', await as(user))).body).toEqual({ data: { whoami: 'u1' } });
    expect((await post('{ whoami }', await as(anonymous))).body).toEqual({ data: { whoami: null } });
  });

  test('the context has the request id and the client’s address and user agent from the gateway', async () => {
    const { body, headers } = await post('{ request }', {
      ...(await as(user)),
      'x-request-id': 'request-0001',
      'x-client-ip': '192.0.2.7',
      'x-client-user-agent': 'test/1',
    });
    expect(JSON.parse(String(body.data?.['request']))).toEqual(['request-0001', '192.0.2.7', 'test/1']);
    expect(headers.get('x-request-id')).toBe('request-0001');
  });

  test('an id that could forge a log line is replaced', async () => {
    const { headers } = await post('{ whoami }', { ...(await as(user)), 'x-request-id': 'a b"c' });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a bug is masked, and logged with its stack under the request id', async () => {
    const { body } = await post('{ crash }', { ...(await as(user)), 'x-request-id': 'request-0002' });
    expect(body.data).toEqual({ crash: null });
    expect(body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        locations: [{ line: 1, column: 3 }],
        path: ['crash'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-0002' },
      },
    ]);
    const line = lines.find((entry) => entry['requestId'] === 'request-0002');
    expect(line).toMatchObject({
      level: 'error',
      service: 'thing',
      path: 'crash',
      err: { stack: expect.stringContaining('hunter2') },
    });
  });

  test('an unavailable database is answered with SERVICE_UNAVAILABLE, without its name', async () => {
    const { body } = await post('{ away }', { ...(await as(user)), 'x-request-id': 'request-0003' });
    expect(body.data).toEqual({ away: null });
    expect(body.errors).toMatchObject([
      {
        message: 'The thing service cannot do its work now. Try again later.',
        path: ['away'],
        extensions: { code: 'SERVICE_UNAVAILABLE', service: 'thing' },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('5432');
    expect(lines.find((entry) => entry['requestId'] === 'request-0003')).toMatchObject({
      level: 'warn',
      err: { message: expect.stringContaining('5432') },
    });
  });

  test('an expected error keeps its code and message', async () => {
    const { body } = await post('{ wrong }', await as(user));
    expect(body.errors?.[0]).toMatchObject({ message: 'No.', extensions: { code: 'BAD_USER_INPUT' } });
  });

  test('a mistake in the query is reported', async () => {
    expect((await post('{ nothing }', await as(user))).body.errors?.[0]?.extensions['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect((await post('{', await as(user))).body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('malformed JSON and a body that is too large are answered in JSON', async () => {
    const malformed = await post('', await as(user), '{');
    expect([malformed.status, malformed.body.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
    const large = await post('', await as(user), JSON.stringify({ query: 'x'.repeat(5 * 1024 * 1024) }));
    expect([large.status, large.body.errors?.[0]?.extensions['code']]).toEqual([413, 'BAD_REQUEST']);
  });
});

test('further routes are open, and an unknown one is a 404 in JSON', async () => {
  expect(await (await fetch(`${subgraph.url}/.well-known/jwks.json`)).json()).toEqual({ keys: [] });
  const missing = await fetch(`${subgraph.url}/graphql`);
  expect([missing.status, await missing.json()]).toEqual([
    404,
    { errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] },
  ]);
});

test('readiness follows the checks, and hides the reason', async () => {
  const ready = async () => {
    const answer = await fetch(`${subgraph.url}/health/ready`);
    return [answer.status, await answer.json()];
  };
  const [up, down] = [{ status: 'up' }, { status: 'down' }];
  expect(await ready()).toEqual([200, { status: 'ready', checks: { database: up, broker: up } }]);
  isBrokerUp = false;
  expect(await ready()).toEqual([200, { status: 'ready', checks: { database: up, broker: down } }]);
  isDatabaseUp = false;
  expect(await ready()).toEqual([503, { status: 'unavailable', checks: { database: down, broker: down } }]);
  isDatabaseUp = isBrokerUp = true;
  expect(await ready()).toEqual([200, { status: 'ready', checks: { database: up, broker: up } }]);
  // The log has the reason, once for as long as it lasts.
  expect(lines.filter(({ check }) => check === 'broker')).toMatchObject([
    { level: 'warn', err: { message: 'no broker' } },
    { level: 'info' },
  ]);
  expect((await fetch(`${subgraph.url}/health/live`)).status).toBe(200);
});

test('readiness names overdue work, and only an operator sees how much there is', async () => {
  overdue = { 'pending things': 7 };
  const ready = async (headers = {}) => (await fetch(`${subgraph.url}/health/ready`, { headers })).json();
  expect(await ready()).toMatchObject({ status: 'ready', behind: ['pending things'] });
  const operator = { ...user, scopes: new Set(['ops:write']) };
  for (const headers of [{}, await as(user), await as(operator, 'other'), { 'x-internal-token': 'forged' }])
    expect(await ready(headers)).not.toHaveProperty('overdue');
  expect(await ready(await as(operator))).toMatchObject({ overdue });
  overdue = {};
  expect(await ready(await as(operator))).not.toHaveProperty('behind');
});

test('closing finishes requests in progress and ends kept-alive connections', async () => {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json', ...(await as(user)) };
  const answer = new Promise<{ connection: string | undefined; text: string }>((resolve, reject) => {
    const outgoing = httpRequest(`${subgraph.url}/graphql`, { method: 'POST', agent, headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk) => (text += String(chunk)));
      incoming.on('end', () => resolve({ connection: incoming.headers.connection, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ query: '{ slow }' }));
  });
  await slowStarted;
  const closed = subgraph.close();
  // New calls are rejected before the old one is released.
  while (
    (await fetch(`${subgraph.url}/health/live`).then(
      (r) => r.status,
      () => 0,
    )) === 200
  );
  release();
  expect(await answer).toEqual({ connection: 'close', text: '{"data":{"slow":"done"}}\n' });
  await closed;
  await expect(fetch(`${subgraph.url}/health/live`)).rejects.toThrow();
  agent.destroy();
});

test('closing ends although a request is never answered, and logs how many connections it destroyed', async () => {
  const stuck = await startStuckSubgraph();
  const answer = fetch(`${stuck.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await as(user)) },
    body: JSON.stringify({ query: '{ never }' }),
  });
  await stuck.started;
  await Promise.all([stuck.close(), expect(answer).rejects.toThrow('fetch failed')]);
  expect(lines.at(-1)).toMatchObject({ level: 'warn', connections: 1, drainMs: 50 });
});

/** A subgraph with a field that never resolves. */
async function startStuckSubgraph() {
  let start: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (start = resolve));
  const running = await startSubgraph<SubgraphRequest>({
    name: 'thing',
    host: '127.0.0.1',
    port: 0,
    logger,
    typeDefs: 'type Query { never: String }',
    resolvers: {
      Query: {
        never: () => {
          start();
          return new Promise(() => {});
        },
      },
    },
    verifyToken,
    createContext: (request) => request,
    readiness: {},
    drainMs: 50,
  });
  return { ...running, started };
}
