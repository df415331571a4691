import {
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { onStream } from '../../http/answer-streams.ts';
import { Attachment } from '../../http/attachment.ts';
import { withSpan } from './with-span.ts';

const contexts = new Attachment<FastifyRequest, Context>();

/** Returns the context with the server span of a request, if {@link traceRequests} started one. */
export function getRequestContext(request: FastifyRequest): Context | undefined {
  return contexts.get(request);
}

/** Returns the trace id of a request, for its log lines. Undefined when the process exports no traces. */
export function getTraceId(request: FastifyRequest): string | undefined {
  const current = getRequestContext(request);
  return current && trace.getSpanContext(current)?.traceId;
}

/**
 * Returns a hook that starts the server span of a request. It must run first. The span ends with the answer, where a
 * stream begins, or when the client leaves.
 *
 * It continues the caller's trace (`traceparent`). Nothing else of the caller is taken over: neither `tracestate` nor `baggage`.
 */
export function traceRequests(app: FastifyInstance): onRequestHookHandler {
  const end = (request: FastifyRequest, status: number | undefined): void => {
    const current = getRequestContext(request);
    if (current !== undefined) endServerSpan(current, status);
  };
  onStream(app, (request, reply) => end(request, reply.statusCode));
  app.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    end(request, undefined);
    done();
  });
  return (request, _reply, done) => {
    const current = startServerSpan(request.headers['traceparent'], () => {
      const route = request.routeOptions.url ?? '';
      return {
        name: `${request.method} ${route}`,
        attributes: { 'http.request.method': request.method, 'http.route': route, 'url.path': route },
      };
    });
    contexts.set(request, current);
    done();
  };
}

/**
 * Starts the span of work that another process asks for. {@link endServerSpan} ends it.
 *
 * @param traceparent the caller's place in its trace (W3C); others start a trace
 * @param describe called only for a span that is recorded: the most are not, and pay for no name and no attributes
 */
export function startServerSpan(
  traceparent: unknown,
  describe: () => { readonly name: string; readonly attributes: Attributes },
): Context {
  const parent = typeof traceparent === 'string' ? propagation.extract(ROOT_CONTEXT, { traceparent }) : ROOT_CONTEXT;
  const span = trace.getTracer('@shop/process').startSpan('request', { kind: SpanKind.SERVER }, parent);
  if (span.isRecording()) {
    const { name, attributes } = describe();
    span.updateName(name);
    span.setAttributes(attributes);
  }
  return withSpan(parent, span);
}

/** @param status as in HTTP; undefined where the caller has left */
export function endServerSpan(current: Context, status: number | undefined): void {
  const span = trace.getSpan(current);
  if (span?.isRecording() !== true) return;
  if (status === undefined) span.setAttribute('error.type', 'client_disconnected');
  else span.setAttribute('http.response.status_code', status);
  if (status === undefined || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
