import { propagation, SpanKind, SpanStatusCode, type Context, type Span } from '@opentelemetry/api';
import {
  type ErrorCode,
  isSampled,
  requestIdHeader,
  runInSpan,
  type InternalTokenSigner,
  type Logger,
} from '@shop/process';
import { parse, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Supergraph } from '../../supergraph/index.ts';
import type { GatewayMetrics } from '../../telemetry/gateway-metrics.ts';
import { SubgraphCallError } from './answer-reader.ts';
import { isRepeatable } from './is-repeatable.ts';
import { readAnswer, type SubgraphResponse } from './read-answer.ts';
import { SignedCalls } from './signed-calls.ts';
import type { SubgraphClient } from './subgraph-client.ts';

export interface SubgraphCallerOptions {
  readonly client: SubgraphClient;
  readonly signer: InternalTokenSigner;
  readonly supergraph: Supergraph;
  readonly logger: Logger;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<GatewayMetrics, 'calls' | 'callDurations'>;
  /** True when the reasons of unexpected errors are passed on. Default: false. */
  readonly exposeReasons?: boolean;
}

/** A call to a subgraph. */
export interface OutgoingCall {
  /** JSON. */
  readonly body: string;
  /** The text of the operation in the body. */
  readonly operation: string;
  readonly operationKind: 'query' | 'mutation';
  /** The variables in the body. Called only when a mutation may have to be repeated. */
  readonly variables: () => Readonly<Record<string, unknown>>;
  /** The number of entities that are asked for; undefined for a call for root fields. */
  readonly entities: number | undefined;
}

/** Sends the calls to one subgraph, measures and logs them. Only the headers below are sent. No header of the client reaches a subgraph. */
export class SubgraphCaller {
  readonly #options: SubgraphCallerOptions;
  readonly #calls: SignedCalls;

  constructor(options: SubgraphCallerOptions) {
    this.#options = options;
    this.#calls = new SignedCalls(options);
  }

  /** Returns the response. A call without an answer returns one error without a place, and no data. It never rejects. */
  call(call: OutgoingCall, context: GatewayContext): Promise<SubgraphResponse> {
    const { trace } = context;
    if (!isSampled(trace)) return this.#send(call, context, trace);
    const { name, path } = this.#options.client;
    const attributes = {
      'http.request.method': 'POST',
      'url.path': path,
      'shop.subgraph.name': name,
      ...(call.entities === undefined ? {} : { 'shop.subgraph.entities': call.entities }),
    };
    return runInSpan(`fetch ${name}`, { parent: trace, kind: SpanKind.CLIENT, attributes }, async (span, below) => {
      const response = await this.#send(call, context, below);
      if (span !== undefined) describeErrors(span, response);
      return response;
    });
  }

  async #send(
    { body, operation, operationKind, variables }: OutgoingCall,
    context: GatewayContext,
    trace: Context | undefined,
  ): Promise<SubgraphResponse> {
    const { client, logger, metrics, supergraph, exposeReasons = false } = this.#options;
    const startedAt = performance.now();
    const measure = (outcome: string): void => {
      metrics?.calls.inc({ subgraph: client.name, outcome });
      metrics?.callDurations.observe({ subgraph: client.name }, (performance.now() - startedAt) / 1_000);
    };
    context.record.calls += 1;
    let failure: string;
    try {
      const { viewer } = context;
      const headers = createHeaders(context);
      if (trace !== undefined) propagation.inject(trace, headers);
      const isSafe = (): boolean =>
        operationKind === 'query' || isRepeatable({ document: parse(operation), variables: variables() }, supergraph);
      const answer = await this.#calls.post({ viewer, body, headers, isRepeatable: isSafe });
      const response = readAnswer(answer, { exposeReasons });
      if (typeof response !== 'string') {
        measure(response.errors === undefined ? 'answered' : 'errors');
        const { errorCount } = response;
        if (errorCount !== undefined)
          logger.warn(
            { subgraph: client.name, errors: errorCount, requestId: context.requestId },
            `an answer of ${client.name} has too many errors, some were left out`,
          );
        return response;
      }
      measure('invalid');
      failure = response;
    } catch (error) {
      if (!(error instanceof SubgraphCallError)) throw error;
      measure(error.reason);
      failure = `${error.reason}: ${error.message}`;
    }
    logger.error(
      { subgraph: client.name, failure, requestId: context.requestId },
      `a call to ${client.name} failed: ${failure}`,
    );
    return { errors: [createUnavailableError(client.name)] };
  }
}

function createUnavailableError(service: string): GraphQLFormattedError {
  return {
    message: `The ${service} service is unavailable.`,
    extensions: { code: 'SERVICE_UNAVAILABLE' satisfies ErrorCode, service },
  };
}

/** The codes of the errors, and not their messages: those may quote values. */
function describeErrors(span: Span, { errors, data }: SubgraphResponse): void {
  if (errors === undefined || errors.length === 0) return;
  span.setAttribute('error.type', String(errors[0]?.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR'));
  if (data == null) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The headers of a call, without those that prove the viewer. */
export function createHeaders({
  requestId,
  ip,
  userAgent,
}: Pick<GatewayContext, 'requestId' | 'ip' | 'userAgent'>): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    [requestIdHeader]: requestId,
    ...(ip === null ? {} : { 'x-client-ip': ip }),
    ...(userAgent === null ? {} : { 'x-client-user-agent': userAgent }),
  };
}
