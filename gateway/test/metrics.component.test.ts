import { execute, startSystem, type System } from './system.ts';
import { testResolvers as resolvers } from './resolvers.ts';

/** A subgraph that is slow because the machine is busy must not look unavailable. */
const patient = { subgraphTimeoutMs: 30_000 };

let system: System;
afterEach(() => system.close());

/** The values of a metric whose labels contain the given ones. */
async function read(name: string, labels: Record<string, string> = {}): Promise<number[]> {
  const { text } = await system.metrics.scrape();
  const pattern = new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm');
  return [...text.matchAll(pattern)]
    .filter(([, found = '']) => Object.entries(labels).every(([key, value]) => found.includes(`${key}="${value}"`)))
    .map(([, , value]) => Number(value));
}
const sum = async (name: string, labels: Record<string, string> = {}) =>
  (await read(name, labels)).reduce((total, value) => total + value, 0);
const requestLines = () => system.lines.filter(({ msg }) => msg === 'request');

test('operations are measured by name, type and outcome, and each has a line in the log', async () => {
  system = await startSystem(resolvers, { config: patient });
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const headers = { 'x-request-id': 'request-7', traceparent: `00-${trace}-b7ad6b7169203331-01` };
  const first = await execute(system.gateway.url, 'query Names { products { name } }', headers, {}, 'Names');
  expect(first.errors).toBeUndefined();
  await execute(system.gateway.url, 'query Names { products { name } }', {}, {}, 'Names');
  await execute(system.gateway.url, 'query Crash { crash }', {}, {}, 'Crash');
  await execute(system.gateway.url, 'query Wrong { nothing }', {}, {}, 'Wrong');

  expect(await sum('shop_gateway_operations_total', { operation: 'Names', type: 'query', outcome: 'ok' })).toBe(2);
  expect(await sum('shop_gateway_operation_duration_seconds_count', { operation: 'Names' })).toBe(2);
  expect(await sum('shop_gateway_operations_total', { operation: 'other', outcome: 'failed' })).toBe(1);
  expect(await sum('shop_gateway_operations_total', { outcome: 'refused' })).toBe(1);
  expect(await sum('shop_gateway_rejections_total', { reason: 'graphql_validation_failed' })).toBe(1);
  expect(await sum('shop_gateway_subgraph_calls_total', { subgraph: 'product', outcome: 'answered' })).toBe(2);
  expect(await sum('shop_gateway_plan_lookups_total', { result: 'hit' })).toBe(1);
  expect(await sum('shop_gateway_plans')).toBe(2);
  expect(await sum('shop_gateway_plans_bytes')).toBeGreaterThan(100);
  expect(await sum('shop_gateway_documents')).toBe(2);
  expect(await sum('shop_gateway_documents_bytes')).toBeGreaterThan(1_000);
  expect(await sum('shop_http_request_duration_seconds_count', { route: '/graphql', status: '200' })).toBe(3);

  expect(requestLines()).toHaveLength(4);
  expect(requestLines()[0]).toMatchObject({
    level: 'info',
    operation: 'Names',
    type: 'query',
    status: 200,
    outcome: 'ok',
    calls: 1,
    requestId: 'request-7',
    traceId: trace,
  });
  expect(requestLines()[2]).toMatchObject({ operation: 'Crash', outcome: 'failed', codes: ['INTERNAL_SERVER_ERROR'] });
});

test('of the requests that are answered well a share has a line, of the others each has', async () => {
  system = await startSystem(resolvers, { config: { ...patient, requestLog: { share: 0, slowMs: 60_000 } } });
  await execute(system.gateway.url, '{ products { name } }');
  await execute(system.gateway.url, '{ crash }');
  expect(requestLines()).toEqual([expect.objectContaining({ outcome: 'failed' })]);
});

test('a slow request always has a line', async () => {
  system = await startSystem(resolvers, { config: { ...patient, requestLog: { share: 0, slowMs: 0 } } });
  await execute(system.gateway.url, '{ products { name } }');
  expect(requestLines()).toHaveLength(1);
});

test('what is refused before GraphQL is counted by its reason', async () => {
  system = await startSystem(resolvers, { config: patient });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  await execute(system.gateway.url, '{ __typename }', bearer('a.b.c'));
  await execute(system.gateway.url, '{ __typename }', { authorization: 'Basic x' });
  expect(await sum('shop_gateway_rejections_total', { reason: 'invalid_token' })).toBe(1);
  expect(await sum('shop_gateway_rejections_total', { reason: 'malformed_token' })).toBe(1);
  expect(requestLines().map(({ reason }) => reason)).toEqual(['invalid_token', 'malformed_token']);
});

test('metrics and /health agree about subgraphs and overdue work', async () => {
  system = await startSystem(resolvers, { running: ['user', 'product'] });
  system.revokedSessions.setCurrent(() => false);
  const health = (await (await fetch(`${system.gateway.url}/health`)).json()) as {
    subgraphs: Record<string, { status: string }>;
    behind: string[];
  };
  for (const [subgraph, { status }] of Object.entries(health.subgraphs))
    expect([subgraph, await sum('shop_gateway_subgraph_up', { subgraph })]).toEqual([
      subgraph,
      status === 'up' ? 1 : 0,
    ]);
  expect(health.subgraphs['order']?.status).toBe('down');
  for (const work of health.behind) expect(await sum('shop_overdue_work', { work })).toBe(1);
  expect(await sum('shop_overdue_work')).toBe(health.behind.length);
  expect(await sum('shop_gateway_revoked_sessions_current')).toBe(0);
  expect(await sum('shop_health_check_up', { check: 'supergraph' })).toBe(1);
});

test('metrics are not served where clients are', async () => {
  system = await startSystem(resolvers, { config: patient });
  expect((await fetch(`${system.gateway.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${system.getUrl('product')}/metrics`)).status).toBe(404);
});
