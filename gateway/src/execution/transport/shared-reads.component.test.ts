import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous, createInternalTokenSigner, createLogger, Metrics, type Viewer } from '@shop/process';
import { eventually } from '@shop/testing';
import { createSigningKey } from '../../../test/keys.ts';
import type { GatewayContext } from '../../context.ts';
import { readSupergraph } from '../../supergraph/index.ts';
import { createGatewayMetrics } from '../../telemetry/gateway-metrics.ts';
import { ReadGeneration } from './shared-reads.ts';
import { SubgraphCaller } from './subgraph-caller.ts';
import { SubgraphClient } from './subgraph-client.ts';

/** A request that the subgraph has got. It is answered when the test says so. */
interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
}

const requests: Request[] = [];
let server: Server;
let client: SubgraphClient;
let signer: ReturnType<typeof createInternalTokenSigner>;
beforeAll(async () => {
  signer = createInternalTokenSigner({ privateJwk: (await createSigningKey('k1')).privateJwk });
});
// Each test has its own, because failures open the breaker.
beforeEach(async () => {
  server = createServer((request, response) => {
    // The breaker probes with GET.
    if (request.method === 'GET') response.end('{}');
    else request.resume().on('end', () => requests.push({ headers: request.headers, response }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new SubgraphClient({ name: 'product', urls: [url], timeoutMs: 60_000, hasHealthRoutes: false });
});
afterEach(async () => {
  requests.length = 0;
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function open(options: { shares?: boolean; dependsOnClient?: boolean } = {}) {
  const { shares = true, dependsOnClient = false } = options;
  const metrics = new Metrics();
  const generation = new ReadGeneration();
  const caller = new SubgraphCaller({
    client,
    signer,
    supergraph: readSupergraph('type Query { a: Int } type Mutation { b: Int }'),
    metrics: createGatewayMetrics(metrics),
    logger: createLogger({ service: 'gateway', level: 'silent' }),
    ...(shares ? { sharing: { generation, dependsOnClient } } : {}),
  });
  async function call(kind: 'query' | 'mutation', changes: Partial<GatewayContext> & { body?: string } = {}) {
    const { body = `{"query":"${kind}"}`, ...ofContext } = changes;
    const record = { codes: [], calls: 0, startedAt: 0, isReported: false };
    const context = { viewer: anonymous, requestId: 'r1', ip: '10.0.0.1', userAgent: 'a', record, ...ofContext };
    const operation = kind === 'query' ? '{ a }' : 'mutation { b }';
    return caller.call({ body, operation, operationKind: kind, variables: () => ({}), entities: undefined }, context);
  }
  const readCount = async (name: string): Promise<number> => {
    const { text } = await metrics.scrape();
    const values = [...text.matchAll(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  };
  return {
    generation,
    read: (changes?: Parameters<typeof call>[1]) => call('query', changes),
    mutate: () => call('mutation'),
    /** Waits until so many reads have joined another one. */
    joined: (count: number) =>
      eventually(async () => expect(await readCount('shop_gateway_subgraph_reads_shared_total')).toBe(count)),
    countCalls: () => readCount('shop_gateway_subgraph_calls_total'),
  };
}

const sent = (count: number) => eventually(() => expect(requests).toHaveLength(count));

/** Answers a request with a list of its number. */
function answer(index: number, status = 200): void {
  const head = { 'content-type': 'application/json' };
  requests[index]?.response.writeHead(status, head).end(JSON.stringify({ data: { a: [index] } }));
}
function answerAll(): void {
  for (const index of requests.keys()) answer(index);
}

const viewer = (changes: Partial<Viewer>): Viewer => ({
  userId: 'u1',
  sessionId: 's1',
  scopes: new Set(['a', 'b']),
  ...changes,
});

test('equal reads are one request, and each gets data of its own', async () => {
  const { read, joined, countCalls } = open();
  const all = [read(), read({ requestId: 'r2' }), read({ ip: '10.0.0.2', userAgent: 'b' })];
  await joined(2);
  await sent(1);
  answer(0);
  const [first, second, third] = await Promise.all(all);
  expect([first, second, third]).toEqual(Array(3).fill({ data: { a: [0] } }));
  expect(second?.data).not.toBe(first?.data);
  (first?.data as { a: number[] }).a.push(9);
  expect(third?.data).toEqual({ a: [0] });
  expect(await countCalls()).toBe(1);

  const later = read();
  await sent(2);
  answer(1);
  expect(await later).toEqual({ data: { a: [1] } });
});

test('an answer that is a failure is that of each', async () => {
  const { read, joined } = open();
  const both = [read(), read()];
  await joined(1);
  await sent(1);
  answer(0, 500);
  for (const each of await Promise.all(both))
    expect(each.errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
  expect(requests).toHaveLength(1);
});

test.each<[string, Parameters<ReturnType<typeof open>['read']>[0]]>([
  ['body', { body: '{"query":"other"}' }],
  ['user', { viewer: viewer({ userId: 'u2' }) }],
  ['session', { viewer: viewer({ sessionId: 's2' }) }],
  ['scopes', { viewer: viewer({ scopes: new Set(['a']) }) }],
  ['token', { viewer: anonymous }],
])('a read with another %s is a request of its own', async (_what, changes) => {
  const { read } = open();
  const both = [read({ viewer: viewer({}) }), read({ viewer: viewer({}), ...changes })];
  await sent(2);
  answerAll();
  await Promise.all(both);
});

test.each([[{ ip: '10.0.0.2' }], [{ userAgent: 'b' }]])(
  'where answers may depend on the client, a read with %p is a request of its own',
  async (changes) => {
    const { read, joined } = open({ dependsOnClient: true });
    const all = [read(), read(changes), read()];
    await joined(1);
    await sent(2);
    answerAll();
    await Promise.all(all);
  },
);

test('mutations are never shared', async () => {
  const { mutate, countCalls } = open();
  const both = [mutate(), mutate()];
  await sent(2);
  answerAll();
  await Promise.all(both);
  expect(await countCalls()).toBe(2);
});

test.each(['answered', 'failed'])(
  'after a mutation has %s, a read joins none that was sent before',
  async (outcome) => {
    const { read, mutate, joined } = open();
    const before = read();
    await sent(1);
    const mutation = mutate();
    await sent(2);
    // The mutation is not over, so its caller cannot expect to see its effect.
    const during = read();
    await joined(1);
    if (outcome === 'answered') answer(1);
    else requests[1]?.response.destroy();
    await mutation;
    const after = read();
    await sent(3);
    const next = read();
    await joined(2);
    answer(0);
    expect(await Promise.all([before, during])).toEqual(Array(2).fill({ data: { a: [0] } }));
    answer(2);
    expect(await Promise.all([after, next])).toEqual(Array(2).fill({ data: { a: [2] } }));
  },
);

test('after an invalidation a read joins none that was sent before', async () => {
  const { generation, read } = open();
  const before = read();
  await sent(1);
  generation.invalidate();
  const after = read();
  await sent(2);
  answerAll();
  expect(await Promise.all([before, after])).toEqual([{ data: { a: [0] } }, { data: { a: [1] } }]);
});

test('without sharing each read is a request', async () => {
  const { read } = open({ shares: false });
  const both = [read(), read()];
  await sent(2);
  answerAll();
  await Promise.all(both);
});
