import {
  context,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
} from '@opentelemetry/api';
import { withSpan } from './with-span.ts';

export interface SpanDescription {
  /** Default: the active context. */
  readonly parent?: Context | undefined;
  /** Default: internal. */
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

/** Returns whether spans below this context are recorded. It may have a span of another process. */
export function isSampled(parent: Context | undefined): parent is Context {
  return parent !== undefined && ((trace.getSpanContext(parent)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0;
}

/**
 * Runs work in a span, as a child of the parent. Without a recorded parent, the work runs alone.
 *
 * @param work gets the span, and the context for what is below it; that is also the active one, where the process has active contexts
 */
export async function runInSpan<Result>(
  name: string,
  { parent = context.active(), ...description }: SpanDescription,
  work: (span: Span | undefined, below: Context) => Promise<Result>,
): Promise<Result> {
  if (!isSampled(parent)) return work(undefined, parent);
  const span = trace.getTracer('@shop/process').startSpan(name, description, parent);
  const below = withSpan(parent, span);
  try {
    return await context.with(below, () => work(span, below));
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed. The error's message stays out of it: it may quote a value. */
export function markFailed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', describeErrorType(error));
}

/** Returns the code of an error, or its class. */
export function describeErrorType(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(code)) return code;
  return typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : 'Error';
}
