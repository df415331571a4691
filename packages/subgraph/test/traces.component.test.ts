import { context, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { newEvent, outboxRows, startSharedWork, traceTask } from '@shop/messaging';
import { createLogger, startTracing, type Tracing } from '@shop/process';
import { eventually, outlineTrace, startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@shop/testing';
import { buildSchema, graphql, type GraphQLObjectType } from 'graphql';
import { inStatementSpan } from '../src/database/trace-statements.ts';
import { traceSlowResolvers } from '../src/graphql/trace-slow-resolvers.ts';

let collector: OtlpReceiver;
let tracing: Tracing;

beforeAll(async () => {
  collector = await startOtlpReceiver();
  tracing = await startTracing({
    service: 'test',
    config: { endpoint: collector.url, headers: {}, ratio: 1 },
    honoursRemoteParents: true,
    hasActiveContext: true,
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
});
afterEach(() => void (collector.spans.length = 0));
afterAll(async () => {
  await tracing?.stop();
  await collector?.stop();
});

/** Runs work below a new root, and returns the outline of its trace and its spans by name. */
async function record(work: (root: Context) => Promise<unknown>) {
  const span = trace.getTracer('@shop/test').startSpan('root');
  const root = trace.setSpan(ROOT_CONTEXT, span);
  await context.with(root, () => work(root));
  span.end();
  return read(span.spanContext().traceId);
}

async function read(traceId: string) {
  await eventually(() =>
    expect(collector.spans.some((span) => span.traceId === traceId && span.parentId === '')).toBe(true),
  );
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const byName = new Map(spans.map((span) => [span.name, span]));
  const get = (name: string): ReceivedSpan => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`There is no span ${name}.`);
    return found;
  };
  return { outline: outlineTrace(spans, traceId), spans, get };
}

const thing = { type: 'test.thing.v1', source: '/test', parse: (data: unknown) => data };
const headersOf = (rows: string) => (JSON.parse(rows) as { headers: Record<string, string> }[])[0]?.headers ?? {};

test('an event follows the work that created it, also when it is written elsewhere', async () => {
  let headers: Record<string, string> = {};
  const { outline, get } = await record(async () => {
    const event = newEvent(thing, { aggregateId: 'a', data: {} });
    headers = headersOf(context.with(ROOT_CONTEXT, () => outboxRows([event])));
  });
  expect(outline).toEqual(['test: root', '  test: append test.thing.v1']);
  expect(headers).toEqual({ traceparent: expect.stringContaining(get('append test.thing.v1').spanId) });
});

test('an event of work that is not recorded has no trace', () => {
  expect(newEvent(thing, { aggregateId: 'a', data: {} }).headers).toEqual({});
});

test('shared work is in the trace of the first part, and is linked with the others in both directions', async () => {
  const tracer = trace.getTracer('@shop/test');
  const roots = ['first', 'second'].map((name) => tracer.startSpan(name));
  const [first, second] = roots.map((span) => trace.setSpan(ROOT_CONTEXT, span)) as [Context, Context];
  const parts = [ROOT_CONTEXT, first, second].map((parent, index) => ({ parent, name: `part ${index}` }));
  const work = startSharedWork('together', parts);
  await work?.run(async () => tracer.startSpan('statement').end());
  expect(work?.contexts[0]).toBe(ROOT_CONTEXT);
  work?.end();
  for (const span of roots) span.end();
  const one = await read(roots[0]?.spanContext().traceId ?? '');
  const other = await read(roots[1]?.spanContext().traceId ?? '');
  expect(one.get('statement').parentId).toBe(one.get('together').spanId);
  expect(one.get('together').parentId).toBe(one.get('part 1').spanId);
  expect(one.get('together').links).toEqual([
    { traceId: roots[1]?.spanContext().traceId, spanId: roots[1]?.spanContext().spanId },
  ]);
  expect(other.get('part 2').links).toEqual([
    { traceId: one.get('together').traceId, spanId: one.get('together').spanId },
  ]);
});

test('a round of a timer has a trace when it publishes an event, and none otherwise', async () => {
  await traceTask('idle', async () => {});
  let traceId = '';
  await traceTask('expiring', async () => {
    await inStatementSpan('SELECT id FROM orders', async () => {});
    const event = newEvent(thing, { aggregateId: 'a', data: {} });
    traceId = event.headers['traceparent']?.split('-')[1] ?? '';
    await inStatementSpan('UPDATE orders SET status = $1', async () => {});
  });
  const { outline } = await read(traceId);
  expect(outline).toEqual(['test: expiring', '  test: UPDATE orders']);
  expect(collector.spans.map(({ name }) => name)).not.toContain('idle');
});

test('a statement has its operation and table, and not its text; a failure has its code', async () => {
  const { get, spans } = await record(async () => {
    await inStatementSpan("SELECT 'planted-literal' FROM users WHERE email = $1", async () => {});
    const failure = Object.assign(new Error('Key (email)=(planted@example.com)'), { code: '23503' });
    await inStatementSpan('DELETE FROM broken', () => Promise.reject(failure)).catch(() => {});
  });
  expect(spans.map(({ name }) => name).sort()).toEqual(['DELETE broken', 'SELECT users', 'root']);
  expect(get('SELECT users').attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.query.summary': 'SELECT users',
    'db.collection.name': 'users',
  });
  expect(get('DELETE broken')).toMatchObject({ hasFailed: true, attributes: { 'error.type': '23503' } });
  expect(Buffer.concat(collector.bodies).toString('latin1')).not.toContain('planted');
});

test('a resolver that takes long has a span, and a quick one has none', async () => {
  const schema = buildSchema('type Query { slow: Int quick: Int }');
  const fields = (schema.getType('Query') as GraphQLObjectType).getFields();
  Object.assign(fields['slow'] ?? {}, { resolve: () => new Promise((resolve) => setTimeout(() => resolve(1), 60)) });
  Object.assign(fields['quick'] ?? {}, { resolve: () => 1 });
  traceSlowResolvers(schema, 50);
  const { outline } = await record(() => graphql({ schema, source: '{ slow quick }' }));
  expect(outline).toEqual(['test: root', '  test: resolve Query.slow']);
});
