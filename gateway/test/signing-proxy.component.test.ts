import {
  createServer,
  request as sendRequest,
  Agent,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { composeServices } from '@apollo/composition';
import {
  ClockChallenge,
  clockExchange,
  createInternalTokenVerifier,
  createLogger,
  internalToken,
  serverLimits,
  type Viewer,
} from '@shop/process';
import { eventually } from '@shop/testing';
import { parse } from 'graphql';
import type { JWK } from 'jose';
import { startSigningProxy, type RunningSigningProxy } from '../src/signing-proxy/start-signing-proxy.ts';
import { openSigning, type Signing } from '../src/signing/index.ts';
import { readSupergraph } from '../src/supergraph/index.ts';
import { createGatewayConfig } from './gateway-config.ts';
import { createSigningKey, signAccessToken, type SigningKey } from './keys.ts';

/** A call that the subgraph accepted. */
interface SeenCall {
  readonly viewer: Viewer;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handle = (call: SeenCall, response: ServerResponse) => void;

const { supergraphSdl = '' } = composeServices([
  {
    name: 'product',
    url: 'http://unused.invalid',
    typeDefs: parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { products: [String!]! }
      type Mutation { add(input: AddInput!): Int }
      input AddInput { name: String! idempotencyKey: String }`),
  },
]);
const supergraph = readSupergraph(supergraphSdl);

const [query, mutation] = ['{ products }', 'mutation { add(input: { name: "Mug" }) }'];
const answer = '{"data":{"products":["Mug"]}}';

let internalKey: SigningKey;
let accessKey: SigningKey;
let subgraph: Server;
let seen: SeenCall[];
let handle: Handle;
let signing: Signing;
let proxy: RunningSigningProxy | undefined;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  [internalKey, accessKey] = [await createSigningKey('internal-1'), await createSigningKey('access-1')];
});

/** A subgraph that verifies each call as ours do. It also publishes the keys of access tokens. */
function createSubgraph(key: SigningKey): Server {
  const jwks = { keys: [key.publicJwk as JWK & { kty: string }] };
  const wall = (): number => Date.now() + 300_000;
  const verify = createInternalTokenVerifier({ jwks, audience: 'product', wall });
  return createServer(async (request, response) => {
    response.setHeader('content-type', 'application/graphql-response+json; charset=utf-8');
    if (request.url === '/jwks') return void response.end(JSON.stringify({ keys: [accessKey.publicJwk] }));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers } = request;
    try {
      const proof = headers[clockExchange.proofHeader] as string | undefined;
      const viewer = await verify(String(headers[internalToken.header]), proof);
      const call = { viewer, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(call);
      handle(call, response);
    } catch (error) {
      if (error instanceof ClockChallenge) response.setHeader(clockExchange.challengeHeader, error.challenge);
      response.writeHead(401).end('{"errors":[]}');
    }
  });
}

async function open(changes: Parameters<typeof createGatewayConfig>[1] = {}, subgraphKey = internalKey): Promise<void> {
  [seen, lines] = [[], []];
  handle = (_call, response) => response.end(answer);
  subgraph = createSubgraph(subgraphKey);
  await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`;
  const logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const required = { subgraphUrls: { product: [url] }, internalTokenKey: internalKey.privateJwk };
  const config = createGatewayConfig(required, { natsUrl: undefined, jwksUrl: `${url}/jwks`, ...changes });
  signing = await openSigning({ config, supergraph, logger });
  proxy = await startSigningProxy({ config: { ...config, signingProxyPort: 0 }, supergraph, signing, logger });
}

afterEach(async () => {
  const closing = proxy?.close();
  subgraph.closeAllConnections();
  await closing;
  await signing.close();
  await new Promise((resolve) => subgraph.close(resolve));
});

const call = (operation: string, headers: Record<string, string> = {}, path = '/product') =>
  fetch(`${proxy?.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: operation }),
  });

const bearer = async (claims: Record<string, unknown> = {}) => ({
  authorization: `Bearer ${await signAccessToken(accessKey, claims)}`,
});

test('the subgraph sees the viewer of the access token, and an anonymous viewer without one', async () => {
  await open();
  const response = await call(query, await bearer({ sub: 'ada', sid: 's7', scope: 'user:read ops:write' }));
  expect([response.status, await response.text()]).toEqual([200, answer]);
  expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  expect((await call(query)).status).toBe(200);
  expect(seen.map(({ viewer, body }) => [viewer.userId, viewer.sessionId, [...viewer.scopes], body])).toEqual([
    ['ada', 's7', ['ops:write', 'user:read'], JSON.stringify({ query })],
    [null, null, [], JSON.stringify({ query })],
  ]);
});

test.each([
  ['a token of another key', async () => ({ authorization: `Bearer ${await signAccessToken(internalKey)}` })],
  ['a token that has expired', () => bearer({ iat: 1_000_000_000, exp: 1_000_000_900 })],
  ['something else than a token', async () => ({ authorization: 'Basic YWRhOnNlY3JldA==' })],
])('%s is refused, and reaches no subgraph', async (_what, createHeaders) => {
  await open();
  const response = await call(query, await createHeaders());
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(seen).toEqual([]);
});

test('the token of a revoked session is refused', async () => {
  await open();
  const headers = await bearer({ sid: 'ended' });
  expect((await call(query, headers)).status).toBe(200);
  signing.revokedSessions.add(['ended'], new Date());
  expect((await call(query, headers)).status).toBe(401);
  expect(seen).toHaveLength(1);
});

test('an internal token and an address that the caller sends are not believed', async () => {
  await open();
  const stolen = await signing.signer.sign(
    { userId: 'admin', sessionId: 's', scopes: new Set(['ops:write']) },
    'product',
  );
  await call(query, { [internalToken.header]: stolen, 'x-client-ip': '192.0.2.1', 'x-forwarded-for': '192.0.2.2' });
  expect(seen[0]?.viewer.userId).toBeNull();
  expect(seen[0]?.headers).not.toHaveProperty('x-client-ip');
  expect(seen[0]?.headers).not.toHaveProperty('x-forwarded-for');
});

test('the address of the client comes from a trusted proxy, and its program, request id and trace from their headers', async () => {
  await open({ trustedProxies: 'loopback' });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const given = { 'x-forwarded-for': '192.0.2.2', 'user-agent': 'phone/1', 'x-request-id': 'request-7', traceparent };
  await call(query, given);
  expect(seen[0]?.headers).toMatchObject({
    'x-client-ip': '192.0.2.2',
    'x-client-user-agent': 'phone/1',
    'x-request-id': 'request-7',
    traceparent,
  });
});

test.each(['/order', '/product/more', '/'])('the path %s is not found', async (path) => {
  await open();
  expect((await call(query, {}, path)).status).toBe(404);
  expect(seen).toEqual([]);
});

test('a body as large as subgraphs take is sent on, and a larger one is refused', async () => {
  await open();
  const fill = (bytes: number) => `#${' '.repeat(bytes - JSON.stringify({ query: '#' }).length)}`;
  expect((await call(fill(serverLimits.maxCallBytes))).status).toBe(200);
  expect(Buffer.byteLength(seen[0]?.body ?? '')).toBe(serverLimits.maxCallBytes);
  expect((await call(fill(serverLimits.maxCallBytes + 1))).status).toBe(413);
  expect(seen).toHaveLength(1);
});

test('a body that is not JSON is refused, and a call without one is left to the subgraph', async () => {
  await open();
  expect((await call(query, { 'content-type': 'text/plain' })).status).toBe(415);
  expect(seen).toEqual([]);
  expect((await fetch(`${proxy?.url}/product`, { method: 'POST' })).status).toBe(200);
  expect(seen.map(({ body }) => body)).toEqual(['']);
});

test('the status and the body of an answer are passed on', async () => {
  await open();
  handle = (_call, response) => response.writeHead(400).end('{"errors":[{"message":"Unknown field."}]}');
  const response = await call(query);
  expect([response.status, await response.text()]).toEqual([400, '{"errors":[{"message":"Unknown field."}]}']);
});

const unavailable = {
  errors: [{ message: 'The product service is unavailable.', extensions: { code: 'SERVICE_UNAVAILABLE' } }],
};

test.each([
  ['too large', { subgraphAnswerBytes: 1_024 }, /^too-large: the answer has more than 2048 bytes$/],
  ['too late', { subgraphTimeoutMs: 300 }, /^timeout: no answer within \d+ ms$/],
])('an answer that is %s is that of a service that is unavailable', async (_what, config, failure) => {
  await open(config);
  handle = (_call, response) => {
    if ('subgraphAnswerBytes' in config) response.end(`"${' '.repeat(2_047)}"`);
  };
  const response = await call(query);
  expect([response.status, await response.json()]).toEqual([503, unavailable]);
  expect(lines.map((line) => line['failure']).filter(Boolean)).toEqual([expect.stringMatching(failure)]);
});

test('a subgraph that refuses the internal token is unavailable, so that no client renews its token for that', async () => {
  await open({}, await createSigningKey('internal-1'));
  const response = await call(query);
  expect([response.status, await response.json()]).toEqual([503, unavailable]);
  expect(lines.at(-1)).toMatchObject({ subgraph: 'product', failure: 'refused the internal token' });
});

test.each([
  ['a query', query, 200, 2],
  ['a mutation without a key', mutation, 503, 1],
  ['a mutation with a key', 'mutation { add(input: { name: "Mug", idempotencyKey: "k" }) }', 200, 2],
  ['a mutation beside a query', `query A ${query} mutation B { add(input: { name: "Mug" }) }`, 503, 1],
])('%s whose connection breaks is executed the right number of times', async (_what, operation, status, calls) => {
  await open({ subgraphWaitMs: 5_000 });
  // The first call makes the connection, and lets the subgraph learn the clock.
  expect((await call(query)).status).toBe(200);
  seen.length = 0;
  handle = (_call, response) => (seen.length === 1 ? response.socket?.destroy() : response.end(answer));
  expect((await call(operation)).status).toBe(status);
  expect(seen).toHaveLength(calls);
});

test('a gateway keeps its connection', async () => {
  await open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  for (let count = 0; count < 3; count += 1)
    await new Promise<void>((resolve, reject) => {
      const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
      sendRequest(`${proxy?.url}/product`, options, (response) => {
        sockets.add(response.socket);
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end(JSON.stringify({ query }));
    });
  agent.destroy();
  expect([seen.length, sockets.size]).toEqual([3, 1]);
});

test('a call in flight is answered while the proxy closes', async () => {
  await open();
  let finish = (): void => {};
  handle = (_call, response) => void (finish = () => response.end(answer));
  const pending = call(query);
  await eventually(() => expect(seen).toHaveLength(1));
  const closing = proxy?.close();
  // A closing server accepts no further connection.
  await eventually(() => expect(fetch(`${proxy?.url}/health/live`)).rejects.toThrow());
  finish();
  expect((await pending).status).toBe(200);
  await closing;
});

test('it is live and ready without any subgraph, and reports when it does not learn which sessions are revoked', async () => {
  await open();
  const read = async (path: string) => {
    const response = await fetch(`${proxy?.url}/health/${path}`);
    return [response.status, await response.json()];
  };
  expect(await read('live')).toEqual([200, { status: 'live' }]);
  expect(await read('ready')).toEqual([200, { status: 'ready', checks: {} }]);
  signing.revokedSessions.setCurrent(() => false);
  expect(await read('ready')).toEqual([200, { status: 'ready', checks: {}, behind: ['revoked sessions'] }]);
});

test('it listens on loopback only', async () => {
  await open({ host: '0.0.0.0' });
  const { hostname, port } = new URL(proxy?.url ?? '');
  expect(hostname).toBe('127.0.0.1');
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((each) => each?.family === 'IPv4' && !each.internal);
  for (const each of others) await expect(fetch(`http://${each?.address}:${port}/health/live`)).rejects.toThrow();
});
