import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanKind } from '@opentelemetry/api';
import { getTracer, isSampled } from './current-trace.ts';

/** A part of shared work: what one message or one request asks for. */
export interface SharedPart {
  readonly parent: Context;
  readonly name: string;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

/** The spans of work that several traces share. */
export interface SharedWork {
  /** Runs the work in common. Its spans are in the trace of the first recorded part. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The context of each part, in the order of the parts. The others get the context without a span. */
  readonly contexts: readonly Context[];
  /** Ends the span of one part. */
  endPart(index: number, error?: unknown): void;
  /** Ends all spans that have not ended. */
  end(error?: unknown): void;
}

/**
 * Starts the spans of work that is done once for several messages or requests, such as a batch. Each recorded part has a span in its own
 * trace. With more than one, the work in common has a span below the first of them, and is linked with all others in both directions.
 *
 * @param name of the span of the work in common
 * @returns undefined when no part is recorded
 */
export function startSharedWork(name: string, parts: readonly SharedPart[]): SharedWork | undefined {
  const recorded = parts.filter(({ parent }) => isSampled(parent));
  const [first] = recorded;
  if (first === undefined) return undefined;
  const start = ({ name: ownName, parent, ...options }: SharedPart): Span =>
    getTracer().startSpan(ownName, options, parent);
  const spans = new Map<SharedPart, Span>([[first, start(first)]]);
  const inFirst = contextOf(first);
  let shared: Span | undefined;
  if (recorded.length > 1) {
    const links = recorded.slice(1).flatMap(({ parent }) => toLink(parent));
    const attributes = { 'messaging.batch.message_count': parts.length };
    shared = getTracer().startSpan(name, { links, attributes }, inFirst);
    for (const part of recorded.slice(1)) {
      const span = start(part);
      span.addLink({ context: shared.spanContext() });
      spans.set(part, span);
    }
  }
  const inShared = shared === undefined ? inFirst : trace.setSpan(inFirst, shared);

  function contextOf(part: SharedPart): Context {
    const span = spans.get(part);
    return span === undefined ? ROOT_CONTEXT : trace.setSpan(part.parent, span);
  }
  return {
    run: (work) => context.with(inShared, work),
    contexts: parts.map(contextOf),
    endPart(index, error) {
      const part = parts[index];
      if (part !== undefined) endSpan(spans.get(part), error);
    },
    end(error) {
      endSpan(shared, error);
      for (const span of spans.values()) endSpan(span, error);
    },
  };
}

function toLink(current: Context) {
  const spanContext = trace.getSpanContext(current);
  return spanContext === undefined ? [] : [{ context: spanContext }];
}

/** The message of an error stays out of the span: it may quote a value. */
export function endSpan(span: Span | undefined, error?: unknown): void {
  if (span?.isRecording() !== true) return;
  if (error !== undefined) {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : String(name));
  }
  span.end();
}
