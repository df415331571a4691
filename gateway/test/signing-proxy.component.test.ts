import { Agent, request as sendRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { composeServices } from '@apollo/composition';
import { createLogger, internalToken, serverLimits, startTracing } from '@shop/process';
import { eventually, startOtlpReceiver } from '@shop/testing';
import { parse } from 'graphql';
import { hashSdl } from '../src/supergraph/index.ts';
import type { createGatewayConfig } from './gateway-config.ts';
import { createSigningKey, signAccessToken, type SigningKey } from './keys.ts';
import { startProxiedSubgraph, type ProxiedSubgraph } from './proxied-subgraph.ts';
import { startTestedProxy, type TestedProxy } from './tested-proxy.ts';

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

const [query, mutation] = ['{ products }', 'mutation { add(input: { name: "Mug" }) }'];
const answer = '{"data":{"products":["Mug"]}}';

let internalKey: SigningKey;
let accessKey: SigningKey;
let subgraph: ProxiedSubgraph;
let proxy: TestedProxy;

beforeAll(async () => {
  [internalKey, accessKey] = [await createSigningKey('internal-1'), await createSigningKey('access-1')];
});

async function open(
  changes: Parameters<typeof createGatewayConfig>[1] = {},
  { subgraphKey = internalKey, isTraced = false } = {},
): Promise<void> {
  subgraph = await startProxiedSubgraph({ name: 'product', internalKey: subgraphKey, accessKey, answer });
  const { url } = subgraph;
  proxy = await startTestedProxy({
    sdl: supergraphSdl,
    internalKey,
    subgraphUrls: { product: [url] },
    config: { jwksUrl: `${url}/jwks`, ...changes },
    isTraced,
  });
}

afterEach(async () => {
  const closing = proxy.close();
  for (const socket of subgraph.sockets) socket.destroy();
  await closing;
  await proxy.signing.close();
  await subgraph.close();
});

const bearer = async (claims: Record<string, unknown> = {}) => ({
  authorization: `Bearer ${await signAccessToken(accessKey, claims)}`,
});

test('the subgraph sees the viewer of the access token, and an anonymous viewer without one', async () => {
  await open();
  const response = await proxy.call(query, await bearer({ sub: 'ada', sid: 's7', scope: 'user:read ops:write' }));
  expect([response.status, await response.text()]).toEqual([200, answer]);
  expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  expect((await proxy.call(query)).status).toBe(200);
  expect(subgraph.seen.map(({ viewer, body }) => [viewer.userId, viewer.sessionId, [...viewer.scopes], body])).toEqual([
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
  const response = await proxy.call(query, await createHeaders());
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(subgraph.seen).toEqual([]);
});

test('the token of a revoked session is refused', async () => {
  await open();
  const headers = await bearer({ sid: 'ended' });
  expect((await proxy.call(query, headers)).status).toBe(200);
  proxy.signing.revokedSessions.add(['ended'], new Date());
  expect((await proxy.call(query, headers)).status).toBe(401);
  expect(subgraph.seen).toHaveLength(1);
});

test('an internal token and an address that the caller sends are not believed', async () => {
  await open();
  const stolen = await proxy.signing.signer.sign(
    { userId: 'admin', sessionId: 's', scopes: new Set(['ops:write']) },
    'product',
  );
  await proxy.call(query, {
    [internalToken.header]: stolen,
    'x-client-ip': '192.0.2.1',
    'x-forwarded-for': '192.0.2.2',
  });
  expect(subgraph.seen[0]?.viewer.userId).toBeNull();
  expect(subgraph.seen[0]?.headers).not.toHaveProperty('x-client-ip');
  expect(subgraph.seen[0]?.headers).not.toHaveProperty('x-forwarded-for');
});

test('the address of the client comes from a trusted proxy, and its program, request id and trace from their headers', async () => {
  await open({ trustedProxies: 'loopback' });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const given = { 'x-forwarded-for': '192.0.2.2', 'user-agent': 'phone/1', 'x-request-id': 'request-7', traceparent };
  await proxy.call(query, given);
  expect(subgraph.seen[0]?.headers).toMatchObject({
    'x-client-ip': '192.0.2.2',
    'x-client-user-agent': 'phone/1',
    'x-request-id': 'request-7',
    traceparent,
  });
});

test.each(['/order', '/product/more', '/'])('the path %s is not found', async (path) => {
  await open();
  expect((await proxy.call(query, {}, path)).status).toBe(404);
  expect(subgraph.seen).toEqual([]);
});

test('a body as large as subgraphs take is sent on, and a larger one is refused', async () => {
  await open();
  const fill = (bytes: number) => `#${' '.repeat(bytes - JSON.stringify({ query: '#' }).length)}`;
  expect((await proxy.call(fill(serverLimits.maxCallBytes))).status).toBe(200);
  expect(Buffer.byteLength(subgraph.seen[0]?.body ?? '')).toBe(serverLimits.maxCallBytes);
  expect((await proxy.call(fill(serverLimits.maxCallBytes + 1))).status).toBe(413);
  expect(subgraph.seen).toHaveLength(1);
});

test('a body that is not JSON is refused, and a call without one is left to the subgraph', async () => {
  await open();
  expect((await proxy.call(query, { 'content-type': 'text/plain' })).status).toBe(415);
  expect(subgraph.seen).toEqual([]);
  expect((await fetch(`${proxy.url}/product`, { method: 'POST' })).status).toBe(200);
  expect(subgraph.seen.map(({ body }) => body)).toEqual(['']);
});

test('the status and the body of an answer are passed on', async () => {
  await open();
  subgraph.handle = (_call, response) => response.writeHead(400).end('{"errors":[{"message":"Unknown field."}]}');
  const response = await proxy.call(query);
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
  subgraph.handle = (_call, response) => {
    if ('subgraphAnswerBytes' in config) response.end(`"${' '.repeat(2_047)}"`);
  };
  const response = await proxy.call(query);
  expect([response.status, await response.json()]).toEqual([503, unavailable]);
  expect(proxy.lines.map((line) => line['failure']).filter(Boolean)).toEqual([expect.stringMatching(failure)]);
});

test('a subgraph that refuses the internal token is unavailable, so that no client renews its token for that', async () => {
  await open({}, { subgraphKey: await createSigningKey('internal-1') });
  const response = await proxy.call(query);
  expect([response.status, await response.json()]).toEqual([503, unavailable]);
  expect(proxy.lines.at(-1)).toMatchObject({ subgraph: 'product', failure: 'refused the internal token' });
});

test.each([
  ['a query', query, 200, 2],
  ['a mutation without a key', mutation, 503, 1],
  ['a mutation with a key', 'mutation { add(input: { name: "Mug", idempotencyKey: "k" }) }', 200, 2],
  ['a mutation beside a query', `query A ${query} mutation B { add(input: { name: "Mug" }) }`, 503, 1],
])('%s whose connection breaks is executed the right number of times', async (_what, operation, status, calls) => {
  await open({ subgraphWaitMs: 5_000 });
  // The first call makes the connection, and lets the subgraph learn the clock.
  expect((await proxy.call(query)).status).toBe(200);
  subgraph.seen.length = 0;
  subgraph.handle = (_call, response) =>
    subgraph.seen.length === 1 ? response.socket?.destroy() : response.end(answer);
  expect((await proxy.call(operation)).status).toBe(status);
  expect(subgraph.seen).toHaveLength(calls);
});

test('a gateway keeps its connection', async () => {
  await open();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  for (let count = 0; count < 3; count += 1)
    await new Promise<void>((resolve, reject) => {
      const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
      sendRequest(`${proxy.url}/product`, options, (response) => {
        sockets.add(response.socket);
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end(JSON.stringify({ query }));
    });
  agent.destroy();
  expect([subgraph.seen.length, sockets.size]).toEqual([3, 1]);
});

test('a call in flight is answered while the proxy closes', async () => {
  await open();
  let finish = (): void => {};
  subgraph.handle = (_call, response) => void (finish = () => response.end(answer));
  const pending = proxy.call(query);
  await eventually(() => expect(subgraph.seen).toHaveLength(1));
  const closing = proxy.close();
  // A closing server accepts no further connection.
  await eventually(() => expect(fetch(`${proxy.url}/health/live`)).rejects.toThrow());
  finish();
  expect((await pending).status).toBe(200);
  await closing;
});

test('it is live and ready without any subgraph, and reports when it does not learn which sessions are revoked', async () => {
  await open();
  const read = async (path: string) => {
    const response = await fetch(`${proxy.url}/health/${path}`);
    return [response.status, await response.json()];
  };
  expect(await read('live')).toEqual([200, { status: 'live' }]);
  expect(await read('ready')).toEqual([200, { status: 'ready', checks: { supergraph: { status: 'up' } } }]);
  proxy.signing.revokedSessions.setCurrent(() => false);
  expect(await read('ready')).toEqual([
    200,
    { status: 'ready', checks: { supergraph: { status: 'up' } }, behind: ['revoked sessions'] },
  ]);
});

test('its health tells the state of each subgraph, and operators which supergraph is served', async () => {
  await open();
  const read = async (headers: Record<string, string> = {}) =>
    (await (await fetch(`${proxy.url}/health`, { headers })).json()) as object;
  expect(await read()).toEqual({ status: 'degraded', subgraphs: { product: { status: 'down' } } });
  expect(await read(await bearer({ scope: 'ops:write' }))).toMatchObject({
    supergraph: { hash: hashSdl(supergraphSdl), loadedAt: expect.stringMatching(/^\d{4}-/) },
  });
  expect(await proxy.readMetric('shop_gateway_subgraph_up{subgraph="product"}')).toBe(0);
  await fetch(`${proxy.url}/health/ready`);
  expect(await proxy.readMetric('shop_ready')).toBe(1);
});

describe('the metrics', () => {
  const countCalls = (outcome: string) =>
    proxy.readMetric(`shop_gateway_subgraph_calls_total{subgraph="product",outcome="${outcome}"}`);

  test('count calls by subgraph and outcome, with their durations and those of the requests', async () => {
    await open();
    await proxy.call(query);
    await proxy.call(query);
    subgraph.handle = (_call, response) => response.writeHead(400).end('{"errors":[{"message":"Unknown field."}]}');
    await proxy.call(query);
    subgraph.handle = (_call, response) => response.writeHead(502).end('{}');
    expect((await proxy.call(query)).status).toBe(502);
    subgraph.handle = (_call, response) => response.writeHead(401).end('{}');
    expect((await proxy.call(query)).status).toBe(503);
    subgraph.handle = (_call, response) => response.socket?.destroy();
    expect((await proxy.call(mutation)).status).toBe(503);
    await proxy.call(query, {}, '/nothing');
    expect([await countCalls('answered'), await countCalls('invalid'), await countCalls('connection')]).toEqual([
      3, 2, 1,
    ]);
    expect(await proxy.readMetric('shop_gateway_subgraph_call_duration_seconds_count{subgraph="product"}')).toBe(6);
    const countRequests = (status: number) =>
      proxy.readMetric(`shop_http_request_duration_seconds_count{route="/:name",status="${status}"}`);
    // A request is measured when its answer has been sent.
    await eventually(async () =>
      expect(await Promise.all([200, 400, 404, 502, 503].map(countRequests))).toEqual([2, 1, 1, 1, 2]),
    );
  });

  test('count late calls, and show the calls in flight', async () => {
    await open({ subgraphTimeoutMs: 500 });
    subgraph.handle = () => {};
    const late = proxy.call(query);
    await eventually(() => expect(subgraph.seen).toHaveLength(1));
    expect(await proxy.readMetric('shop_gateway_subgraph_calls_in_flight{subgraph="product"}')).toBe(1);
    expect((await late).status).toBe(503);
    expect(await countCalls('timeout')).toBe(1);
    expect(await proxy.readMetric('shop_gateway_subgraph_calls_in_flight{subgraph="product"}')).toBe(0);
  });

  test('count calls that were sent again, and changes of circuit breakers', async () => {
    await open();
    await proxy.call(query);
    subgraph.handle = (_call, response) => {
      if (subgraph.seen.length === 2) response.socket?.destroy();
      else response.end(answer);
    };
    expect((await proxy.call(query)).status).toBe(200);
    expect(await proxy.readMetric('shop_gateway_subgraph_resends_total{subgraph="product"}')).toBe(1);
    const countChanges = (state: string) =>
      proxy.readMetric(`shop_gateway_subgraph_breaker_changes_total{subgraph="product",state="${state}"}`);
    expect([await countChanges('waiting'), await countChanges('closed')]).toEqual([1, 1]);
    await subgraph.close();
    expect((await proxy.call(query)).status).toBe(503);
    await eventually(async () =>
      expect(await proxy.readMetric('shop_gateway_subgraph_instances{subgraph="product",breaker="open"}')).toBe(1),
    );
  });

  test('count refused tokens by reason, and the lookups of tokens', async () => {
    await open();
    const good = await bearer({ sid: 'ended' });
    await proxy.call(query, good);
    await proxy.call(query, good);
    await proxy.call(query, { authorization: 'Bearer a.b.c' });
    await proxy.call(query, { authorization: 'Basic YWRhOnNlY3JldA==' });
    proxy.signing.revokedSessions.add(['ended'], new Date());
    await proxy.call(query, good);
    const count = (reason: string) => proxy.readMetric(`shop_gateway_rejections_total{reason="${reason}"}`);
    await eventually(async () =>
      expect([await count('invalid_token'), await count('malformed_token'), await count('revoked_session')]).toEqual([
        1, 1, 1,
      ]),
    );
    expect(await proxy.readMetric('shop_gateway_token_lookups_total{result="hit"}')).toBe(1);
    expect(await proxy.readMetric('shop_gateway_revoked_sessions')).toBe(1);
    expect(await countCalls('answered')).toBe(2);
  });

  test('are not served where the gateway calls', async () => {
    await open();
    expect((await fetch(`${proxy.url}/metrics`)).status).toBe(404);
  });
});

test('its spans continue the trace of the gateway, and the subgraph continues theirs', async () => {
  const collector = await startOtlpReceiver();
  const tracing = await startTracing({
    service: 'signing-proxy',
    config: { endpoint: collector.url, headers: {}, ratio: 1 },
    honoursRemoteParents: true,
    hasActiveContext: false,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  try {
    await open({}, { isTraced: true });
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    await proxy.call(query, { traceparent: `00-${traceId}-${spanId}-01` });
    await proxy.call(query, { traceparent: `00-${traceId.replace('0a', '0b')}-${spanId}-00` });
    await tracing.stop();
    const [server] = collector.spans.filter(({ name }) => name === 'POST /:name');
    const [call] = collector.spans.filter(({ name }) => name === 'fetch product');
    expect(server).toMatchObject({ service: 'signing-proxy', traceId, parentId: spanId, kind: 2 });
    expect(call).toMatchObject({ traceId, parentId: server?.spanId, kind: 3 });
    expect(call?.attributes).toMatchObject({ 'shop.subgraph.name': 'product' });
    expect(collector.spans).toHaveLength(2);
    expect(subgraph.seen[0]?.headers['traceparent']).toBe(`00-${traceId}-${call?.spanId}-01`);
    expect(subgraph.seen[1]?.headers['traceparent']).toMatch(/^00-0bf7\w+-\w{16}-00$/);
  } finally {
    await tracing.stop();
    await collector.stop();
  }
});

test('it listens on loopback only', async () => {
  await open({ host: '0.0.0.0' });
  const { hostname, port } = new URL(proxy.url);
  expect(hostname).toBe('127.0.0.1');
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((each) => each?.family === 'IPv4' && !each.internal);
  for (const each of others) await expect(fetch(`http://${each?.address}:${port}/health/live`)).rejects.toThrow();
});
