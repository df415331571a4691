import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { onStream } from '../../http/answer-streams.ts';
import { Attachment } from '../../http/attachment.ts';

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
    const span = current && trace.getSpan(current);
    if (span?.isRecording() !== true) return;
    if (status === undefined) span.setAttribute('error.type', 'client_disconnected');
    else span.setAttribute('http.response.status_code', status);
    if (status === undefined || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
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
  const tracer = trace.getTracer('@shop/process');
  return (request, _reply, done) => {
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' ? propagation.extract(ROOT_CONTEXT, { traceparent }) : ROOT_CONTEXT;
    const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent);
    // The most requests are not recorded: they pay for no name and no attributes.
    if (span.isRecording()) {
      const route = request.routeOptions.url ?? '';
      span.updateName(`${request.method} ${route}`);
      span.setAttributes({ 'http.request.method': request.method, 'http.route': route, 'url.path': route });
    }
    contexts.set(request, trace.setSpan(parent, span));
    done();
  };
}
