import { trace, TraceFlags, type Context } from '@opentelemetry/api';

/**
 * Returns the value of the header `traceparent` (W3C), by which another process continues the trace. Undefined without a span.
 * OpenTelemetry's propagator does the same, and checks the ids, which are our own or were checked when they came.
 */
export function formatTraceparent(current: Context): string | undefined {
  const span = trace.getSpanContext(current);
  if (span === undefined) return undefined;
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}
