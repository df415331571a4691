import {
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { eventually, startOtlpReceiver, type OtlpReceiver } from '@shop/testing';
import { createLogger } from '../../log/create-logger.ts';
import { Metrics } from '../metrics/metrics.ts';
import { measureSpans } from './measure-spans.ts';
import { isSampled, runInSpan } from './run-in-span.ts';
import { startTracing, type Tracing } from './start-tracing.ts';
import { withSpan } from './with-span.ts';

let collector: OtlpReceiver;
let tracing: Tracing | undefined;
const lines: { level: string; msg: string }[] = [];
const logger = createLogger({
  service: 'test',
  destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
});

beforeAll(async () => {
  collector = await startOtlpReceiver();
});
afterEach(async () => {
  await tracing?.stop();
  collector.behave(200);
  collector.spans.length = 0;
  collector.bodies.length = 0;
  lines.length = 0;
});
afterAll(() => collector?.stop());

async function start(ratio: number, { honoursRemoteParents = false } = {}): Promise<void> {
  tracing = await startTracing({
    service: 'test',
    config: { endpoint: collector.url, headers: { authorization: 'Bearer secret' }, ratio },
    honoursRemoteParents,
    hasActiveContext: true,
    logger,
  });
}

/** The context of a caller, as it arrives. */
function callerOf(traceId: string, flags: '00' | '01') {
  return propagation.extract(ROOT_CONTEXT, { traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}` });
}

const startServerSpan = (parent = ROOT_CONTEXT) =>
  trace.getTracer('@shop/test').startSpan('request', { kind: SpanKind.SERVER }, parent);

/** The smallest trace id that is valid. A sampler that looks at the id always takes it. */
const chosenId = `${'0'.repeat(31)}1`;

test('a client that asks to be recorded gets no more traces than the ratio, and keeps its trace id', async () => {
  await start(0.1);
  const spans = Array.from({ length: 2_000 }, () => startServerSpan(callerOf(chosenId, '01')));
  const recorded = spans.filter((span) => span.isRecording());
  expect(recorded.length).toBeGreaterThan(120);
  expect(recorded.length).toBeLessThan(290);
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([chosenId]));
});

test('a caller whose decision is honoured decides, either way', async () => {
  await start(0, { honoursRemoteParents: true });
  expect(startServerSpan(callerOf(chosenId, '01')).isRecording()).toBe(true);
  expect(startServerSpan().isRecording()).toBe(false);
  await tracing?.stop();
  await start(1, { honoursRemoteParents: true });
  expect(startServerSpan(callerOf(chosenId, '00')).isRecording()).toBe(false);
  expect(startServerSpan().isRecording()).toBe(true);
});

test('what is below a span follows its decision, and spans of libraries do not exist', async () => {
  await start(0.5);
  for (let index = 0; index < 200; index += 1) {
    const parent = trace.setSpan(ROOT_CONTEXT, startServerSpan());
    await runInSpan('child', { parent }, async (span, below) => {
      expect(span?.isRecording() ?? false).toBe(isSampled(parent));
      expect(context.active()).toBe(isSampled(parent) ? below : ROOT_CONTEXT);
    });
  }
  expect(trace.getTracer('some-library').startSpan('theirs').isRecording()).toBe(false);
});

test('spans are exported with credentials, and a failure has its code and not its message', async () => {
  await start(1);
  const failure = Object.assign(new Error('the key (email)=(ada@example.com) exists'), { code: '23505' });
  await expect(
    runInSpan('work', { parent: trace.setSpan(ROOT_CONTEXT, startServerSpan()) }, () => Promise.reject(failure)),
  ).rejects.toBe(failure);
  await eventually(() => expect(collector.spans.map(({ name }) => name)).toContain('work'));
  expect(collector.spans[0]).toMatchObject({ service: 'test', hasFailed: true, attributes: { 'error.type': '23505' } });
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer secret' });
  expect(Buffer.concat(collector.bodies).toString('latin1')).not.toContain('ada@');
});

test('a collector that never answers costs neither time nor memory without bound, and dropped spans are counted', async () => {
  collector.behave('silent');
  await start(1);
  for (let index = 0; index < 10_000; index += 1) startServerSpan().end();
  expect(tracing?.counts).toEqual({ exported: 0, failed: 0, dropped: 10_000 - 4_096 });
  const before = performance.now();
  await tracing?.stop();
  // Two seconds for the flush, and what a busy machine adds.
  expect(performance.now() - before).toBeLessThan(8_000);
});

test('a collector that refuses is reported once, and what it refused is counted', async () => {
  collector.behave(400);
  await start(1);
  startServerSpan().end();
  await eventually(() => expect(tracing?.counts.failed).toBe(1));
  startServerSpan().end();
  await eventually(() => expect(tracing?.counts.failed).toBe(2));
  collector.behave(200);
  startServerSpan().end();
  await eventually(() => expect(tracing?.counts.exported).toBe(1));
  const metrics = new Metrics();
  measureSpans({ counts: tracing!.counts }, metrics);
  // Twice: a second scrape does not count them again.
  await metrics.scrape();
  const { text } = await metrics.scrape();
  expect(text.match(/^shop_trace_spans_total.*$/gm)).toEqual([
    'shop_trace_spans_total{outcome="exported"} 1',
    'shop_trace_spans_total{outcome="failed"} 2',
    'shop_trace_spans_total{outcome="dropped"} 0',
  ]);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(lines.at(-1)?.msg).toBe('traces are exported again');
});

test('lines that are logged within a span have its trace id', async () => {
  await start(1);
  const parent = trace.setSpan(ROOT_CONTEXT, startServerSpan());
  await runInSpan('work', { parent }, async () => logger.info('within'));
  logger.info('outside');
  const { traceId } = trace.getSpanContext(parent) ?? {};
  expect(lines.slice(-2)).toMatchObject([{ msg: 'within', traceId }, { msg: 'outside' }]);
  expect(lines.at(-1)).not.toHaveProperty('traceId');
});

test('the last spans are exported at the stop', async () => {
  await start(1);
  startServerSpan().end();
  await tracing?.stop();
  expect(collector.spans).toHaveLength(1);
});

test('without a collector, there is no tracer and no context', async () => {
  tracing = await startTracing({
    service: 'test',
    config: undefined,
    honoursRemoteParents: true,
    hasActiveContext: true,
    logger,
  });
  expect(tracing.isOn).toBe(false);
  expect(startServerSpan().isRecording()).toBe(false);
  expect(lines).toEqual([]);
});

test('a context with a span has what the API’s own has, and so have those that are made from it', () => {
  const key = createContextKey('test');
  const parent = ROOT_CONTEXT.setValue(key, 'of the parent');
  const span = trace.wrapSpanContext({ traceId: chosenId, spanId: chosenId.slice(16), traceFlags: 1 });
  for (const current of [withSpan(parent, span), trace.setSpan(parent, span)]) {
    expect(trace.getSpan(current)).toBe(span);
    expect(current.getValue(key)).toBe('of the parent');
    const changed = current.setValue(key, 'another');
    expect([changed.getValue(key), current.getValue(key)]).toEqual(['another', 'of the parent']);
    expect(trace.getSpan(changed)).toBe(span);
    expect(trace.getSpan(trace.deleteSpan(changed))).toBeUndefined();
    expect(trace.getSpan(current)).toBe(span);
    expect(current.deleteValue(key).getValue(key)).toBeUndefined();
    expect(trace.getSpan(withSpan(current, trace.wrapSpanContext(INVALID_SPAN_CONTEXT)))).not.toBe(span);
  }
});

test('all that ended is exported, in few requests', async () => {
  await start(1);
  for (let index = 0; index < 1_000; index += 1) startServerSpan().end();
  await tracing?.stop();
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(1_000);
  expect(collector.bodies.length).toBeLessThanOrEqual(3);
  expect(tracing?.counts).toEqual({ exported: 1_000, failed: 0, dropped: 0 });
});

test('spans that cannot be written are counted, and the work that ends them goes on', async () => {
  await start(1);
  const bad = startServerSpan();
  const noText = {
    get length(): number {
      throw new TypeError('no text');
    },
  };
  bad.updateName(noText as unknown as string);
  expect(() => bad.end()).not.toThrow();
  for (let index = 1; index < 16; index += 1) expect(() => startServerSpan().end()).not.toThrow();
  expect(tracing?.counts).toEqual({ exported: 0, failed: 16, dropped: 0 });
  startServerSpan().end();
  await tracing?.stop();
  expect(tracing?.counts).toEqual({ exported: 1, failed: 16, dropped: 0 });
});
