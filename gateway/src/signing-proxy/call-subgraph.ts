import { SpanStatusCode, type Context } from '@opentelemetry/api';
import { isSampled } from '@shop/process';
import type { FastifyRequest } from 'fastify';
import { Kind, parse } from 'graphql';
import { findContext } from '../context.ts';
import { type SubgraphAnswer, SubgraphCallError } from '../execution/transport/answer-reader.ts';
import { isRepeatable } from '../execution/transport/is-repeatable.ts';
import { findStatusFault } from '../execution/transport/read-answer.ts';
import { createHeaders } from '../execution/transport/subgraph-caller.ts';
import { traceCall } from '../execution/transport/trace-call.ts';
import type { SignedSubgraph } from '../signing/signing-graph.ts';
import type { Supergraph } from '../supergraph/index.ts';
import { type SigningMetrics, startCall } from '../telemetry/signing-metrics.ts';

/** A request whose body is passed on. */
export type CallRequest = FastifyRequest<{ Params: { name: string }; Body: string | undefined }>;

/**
 * Sends the body of a request to a subgraph, with a token for its viewer. The call is measured, and has a span where its trace is
 * recorded.
 *
 * @throws SubgraphCallError
 */
export type CallSubgraph = (
  request: CallRequest,
  subgraph: SignedSubgraph,
  supergraph: Supergraph,
) => Promise<SubgraphAnswer>;

/** @param options.hasTrustedProxies true when a proxy is trusted to report the address of the client */
export function createCallSubgraph(options: { hasTrustedProxies: boolean; metrics: SigningMetrics }): CallSubgraph {
  const { hasTrustedProxies, metrics } = options;

  async function send(
    request: CallRequest,
    { client, calls }: SignedSubgraph,
    { supergraph, trace }: { supergraph: Supergraph; trace: Context | undefined },
  ): Promise<SubgraphAnswer> {
    const { body = '' } = request;
    const end = startCall(metrics, client.name);
    try {
      const answer = await calls.post({
        viewer: findContext(request).viewer,
        body,
        headers: createCallHeaders(request, { hasTrustedProxies, trace }),
        isRepeatable: () => isRepeatableBody(body, supergraph),
      });
      end(findStatusFault(answer.status) === undefined ? 'answered' : 'invalid');
      return answer;
    } catch (error) {
      if (error instanceof SubgraphCallError) end(error.reason);
      throw error;
    }
  }

  return (request, subgraph, supergraph) => {
    const { trace } = findContext(request);
    if (!isSampled(trace)) return send(request, subgraph, { supergraph, trace });
    return traceCall(subgraph.client, { trace }, async (span, below) => {
      const answer = await send(request, subgraph, { supergraph, trace: below });
      span?.setAttribute('http.response.status_code', answer.status);
      if (findStatusFault(answer.status) !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    });
  };
}

/**
 * The headers of a call as our own gateway sends them. The gateway's own address is no client's. So the client's is known only when a
 * trusted proxy reports it (`X-Forwarded-For`).
 *
 * @param options.trace undefined when no traces are exported. Then the caller's trace is passed on.
 */
function createCallHeaders(
  request: FastifyRequest,
  { hasTrustedProxies, trace }: { hasTrustedProxies: boolean; trace: Context | undefined },
): Record<string, string> {
  const context = findContext(request);
  const { traceparent } = request.headers;
  return {
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
    ...createHeaders({ ...context, ip: hasTrustedProxies ? context.ip : null }, trace),
  };
}

/** Tells whether the subgraph may execute the operation of a body twice. Only a body with a single operation is. */
function isRepeatableBody(body: string, supergraph: Supergraph): boolean {
  try {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> | null };
    const document = parse(query);
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return operations.length === 1 && isRepeatable({ document, variables: variables ?? {} }, supergraph);
  } catch {
    return false;
  }
}
