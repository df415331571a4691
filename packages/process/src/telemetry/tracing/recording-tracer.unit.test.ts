import { createRequire } from 'node:module';
import { ROOT_CONTEXT, SpanStatusCode, trace, type Span, type SpanOptions } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { jest } from '@jest/globals';
import type * as Recording from './recording-tracer.cjs';

const { RecordingTracer } = createRequire(import.meta.url)('./recording-tracer.cjs') as typeof Recording;

/** A span as the exporter gets it. */
type Ended = Parameters<ConstructorParameters<typeof RecordingTracer>[0]['onEnd']>[0];

const ended: Ended[] = [];
beforeEach(() => void (ended.length = 0));

const tracerOf = (ratio: number) =>
  new RecordingTracer({
    name: 'test',
    ratio,
    honoursRemoteParents: false,
    resource: emptyResource(),
    onEnd: (span) => void ended.push(span),
  });

const start = (options?: SpanOptions): Span => tracerOf(1).startSpan('work', options, ROOT_CONTEXT);

test('a span has at most 32 attributes, and counts the others; a known one can change', () => {
  const span = start();
  for (let index = 0; index < 40; index += 1) span.setAttribute(`a${index}`, index);
  span.setAttribute('a0', 'changed').end();
  expect(Object.keys(ended[0]?.attributes ?? {})).toHaveLength(32);
  expect(ended[0]).toMatchObject({ attributes: { a0: 'changed', a31: 31 }, droppedAttributesCount: 8 });
});

test('long texts are cut, in lists too, and what has no value is left out', () => {
  const long = 'x'.repeat(300);
  start({ attributes: { long, list: [long, 'short', null], nothing: undefined } }).end();
  expect(ended[0]?.attributes).toEqual({ long: 'x'.repeat(256), list: ['x'.repeat(256), 'short', null] });
});

test('a span has at most 256 links, and counts the others and all events', () => {
  const span = start();
  const link = { context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 } };
  span.addLinks(Array.from({ length: 260 }, () => link));
  span.addEvent('something').recordException(new Error('wrong'));
  span.end();
  expect(ended[0]?.links).toHaveLength(256);
  expect(ended[0]).toMatchObject({ droppedLinksCount: 4, droppedEventsCount: 2, events: [] });
});

test('what happens after the end changes nothing, and the end counts once', () => {
  const span = start();
  span.setStatus({ code: SpanStatusCode.ERROR }).end();
  span.setStatus({ code: SpanStatusCode.OK }).setAttribute('late', 1).updateName('late').end();
  expect(ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({ name: 'work', attributes: {}, status: { code: SpanStatusCode.ERROR } });
  expect(span.isRecording()).toBe(false);
});

test('a span that began earlier lasts from then, and a clock that is set back makes no span end before it began', () => {
  const now = jest.spyOn(Date, 'now');
  try {
    now.mockReturnValue(1_700_000_000_500);
    start({ startTime: 1_700_000_000_000 - 0.25 }).end();
    const span = start();
    now.mockReturnValue(1_600_000_000_000);
    span.end();
  } finally {
    now.mockRestore();
  }
  const [earlier, meanwhile] = ended;
  expect(earlier?.startTime).toEqual([1_699_999_999, 999_750_000]);
  expect(earlier?.endTime[0]).toBe(1_700_000_000);
  expect(earlier?.endTime[1]).toBeGreaterThanOrEqual(500_000_000);
  expect(meanwhile?.startTime).toEqual([1_700_000_000, 500_000_000]);
  expect(meanwhile?.endTime[0]).toBe(1_700_000_000);
});

test('ids are valid and differ, recorded or not', () => {
  const contexts = [tracerOf(0), tracerOf(1)].flatMap((tracer) =>
    Array.from({ length: 1_000 }, () => tracer.startSpan('work', {}, ROOT_CONTEXT).spanContext()),
  );
  expect(contexts.filter((context) => !trace.isSpanContextValid(context))).toEqual([]);
  expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(2_000);
  expect(new Set(contexts.map(({ spanId }) => spanId)).size).toBe(2_000);
});
