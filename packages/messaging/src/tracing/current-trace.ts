import { context, createContextKey, propagation, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';

/** Headers of a message. */
type Headers = Readonly<Record<string, string>>;

/** The header with the W3C trace context, of events and of requests. */
export const traceHeader = 'traceparent';

export const getTracer = () => trace.getTracer('@shop/messaging');

/** The contexts of the messages that are handled together, by their aggregates. */
const messagesKey = createContextKey('@shop/messaging messages');
const taskKey = createContextKey('@shop/messaging task');

export function isSampled(current: Context): boolean {
  return ((trace.getSpanContext(current)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0;
}

/**
 * Runs work of nobody's trace. Work that was started for one request may go on with the work of others, and would take its trace along.
 */
export function runUntraced<Result>(work: () => Result): Result {
  return context.with(ROOT_CONTEXT, work);
}

/** Returns the context of the current work: of its request, its messages, or its task if that has published something. */
export function getCurrentTrace(): Context {
  const active = context.active();
  const task = active.getValue(taskKey) as Task | undefined;
  return task?.context ?? active;
}

/** Returns the context in which a message's headers were made. */
export function readTrace(headers: Headers): Context {
  const traceparent = headers[traceHeader];
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { [traceHeader]: traceparent });
}

/** Returns a context as headers. There are none when it is not recorded: nobody could find the spans. */
export function writeTrace(current: Context): Headers {
  if (!isSampled(current)) return {};
  const headers: Record<string, string> = {};
  propagation.inject(current, headers);
  const traceparent = headers[traceHeader];
  return traceparent === undefined ? {} : { [traceHeader]: traceparent };
}

/**
 * Returns the current trace as headers, for work that goes on elsewhere. Where several messages are handled at once, it is that of the
 * message about the aggregate.
 */
export function captureTrace(aggregateId: string): Headers {
  const active = context.active();
  const messages = active.getValue(messagesKey) as ReadonlyMap<string, Context> | undefined;
  const task = active.getValue(taskKey) as Task | undefined;
  return writeTrace(messages?.get(aggregateId) ?? task?.open() ?? active);
}

/** Returns a context in which {@link captureTrace} finds the contexts of messages. */
export function setMessages(current: Context, messages: ReadonlyMap<string, Context>): Context {
  return current.setValue(messagesKey, messages);
}

/** Work that nobody asked for, such as a round of a timer. It gets a trace when it publishes an event: most rounds find nothing to do. */
interface Task {
  readonly context: Context | undefined;
  open(): Context;
}

/**
 * Runs a task. It gets a span, as the root of a trace, when it publishes its first event. The span has the time of the whole task, and
 * later statements are below it.
 *
 * @param name of the span
 */
export async function traceTask<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startTime = Date.now();
  let span: Span | undefined;
  let opened: Context | undefined;
  const task: Task = {
    get context() {
      return opened;
    },
    open() {
      if (opened === undefined) {
        span = getTracer().startSpan(name, { startTime, root: true });
        opened = trace.setSpan(ROOT_CONTEXT, span);
      }
      return opened;
    },
  };
  try {
    return await context.with(ROOT_CONTEXT.setValue(taskKey, task), work);
  } finally {
    span?.end();
  }
}

/** Describes a message, as OpenTelemetry's conventions name it. Its aggregate is its conversation. */
export function describeMessage(
  operation: string,
  type: 'create' | 'send' | 'process',
  event: { readonly id: string; readonly type: string; readonly subject: string },
): Attributes {
  return {
    'messaging.system': 'nats',
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
    'messaging.destination.name': event.type,
    'messaging.message.id': event.id,
    'messaging.message.conversation_id': event.subject,
  };
}

/** Returns an event's headers with the span of its way into the outbox. */
export function traceAppend(event: {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly headers: Headers;
}): Headers {
  if (event.headers[traceHeader] === undefined) return event.headers;
  const parent = readTrace(event.headers);
  if (!isSampled(parent)) return event.headers;
  const span = getTracer().startSpan(
    `append ${event.type}`,
    { kind: SpanKind.PRODUCER, attributes: describeMessage('append', 'create', event) },
    parent,
  );
  span.end();
  return { ...event.headers, ...writeTrace(trace.setSpan(parent, span)) };
}
