import { SpanStatusCode, type Context, type Span } from '@opentelemetry/api';
import {
  type ErrorCode,
  formatTraceparent,
  isSampled,
  requestIdHeader,
  type InternalTokenSigner,
  type Logger,
  type Viewer,
} from '@shop/process';
import { parse, type GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Supergraph } from '../../supergraph/index.ts';
import type { GatewayMetrics } from '../../telemetry/gateway-metrics.ts';
import { startCall } from '../../telemetry/signing-metrics.ts';
import { type SubgraphAnswer, SubgraphCallError } from './answer-reader.ts';
import { isRepeatable } from './is-repeatable.ts';
import { readAnswer, readConformingData, type SubgraphResponse } from './read-answer.ts';
import { type ReadGeneration, SharedReads } from './shared-reads.ts';
import { SignedCalls } from './signed-calls.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { traceCall } from './trace-call.ts';

export interface SubgraphCallerOptions {
  readonly client: SubgraphClient;
  readonly signer: InternalTokenSigner;
  readonly supergraph: Supergraph;
  readonly logger: Logger;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<GatewayMetrics, 'calls' | 'callDurations' | 'sharedReads'>;
  /** Equal reads are sent once. Default: each read is sent. */
  readonly sharing?: ReadSharing;
  /** Called when a mutation has been answered, or may have been executed without an answer. */
  readonly onWrite?: (context: GatewayContext) => Promise<void> | undefined;
  /** True to add the text of answers without errors, for a cache. Default: false. */
  readonly addsText?: boolean;
  /** True when the reasons of unexpected errors are passed on. Default: false. */
  readonly exposeReasons?: boolean;
}

export interface ReadSharing {
  /** Mutations of all subgraphs begin a new one. */
  readonly generation: ReadGeneration;
  /** True when answers may depend on the address and the program of the client, beside its identity. */
  readonly dependsOnClient: boolean;
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
  /** True when the data may be returned as JSON, if the subgraph vouches for them. Default: false. */
  readonly isWhole?: boolean;
}

/** Sends the calls to one subgraph, measures and logs them. Only the headers below are sent. No header of the client reaches a subgraph. */
export class SubgraphCaller {
  readonly #options: SubgraphCallerOptions;
  readonly #calls: SignedCalls;
  /** Undefined when each read is sent. */
  readonly #reads: SharedReads | undefined;

  constructor(options: SubgraphCallerOptions) {
    this.#options = options;
    this.#calls = new SignedCalls(options);
    this.#reads = options.sharing && new SharedReads(options.sharing.generation);
  }

  /** Returns the response. A call without an answer returns one error without a place, and no data. It never rejects. */
  call(call: OutgoingCall, context: GatewayContext): Promise<SubgraphResponse> {
    const { trace } = context;
    if (!isSampled(trace)) return this.#send(call, context, trace, undefined);
    const attributes = call.entities === undefined ? {} : { 'shop.subgraph.entities': call.entities };
    return traceCall(this.#options.client, { trace, attributes }, async (span, below) => {
      const response = await this.#send(call, context, below, span);
      if (span !== undefined) describeErrors(span, response);
      return response;
    });
  }

  async #send(
    call: OutgoingCall,
    context: GatewayContext,
    trace: Context | undefined,
    span: Span | undefined,
  ): Promise<SubgraphResponse> {
    const { client, logger, metrics, exposeReasons = false, addsText = false } = this.#options;
    const end = startCall(metrics, client.name);
    let isShared = false;
    const measure = (outcome: string): void => {
      if (!isShared) end(outcome);
    };
    context.record.calls += 1;
    let failure: string;
    let isUnanswered = false;
    try {
      const answer = await this.#post(call, context, trace, (joins) => {
        isShared = joins;
        if (joins) metrics?.sharedReads.inc({ subgraph: client.name });
      });
      if (isShared) span?.setAttribute('shop.subgraph.shared', true);
      const json = call.isWhole === true ? readConformingData(answer) : undefined;
      if (json !== undefined) {
        measure('answered');
        return { json };
      }
      const response = readAnswer(answer, { exposeReasons });
      if (typeof response !== 'string') {
        measure(response.errors === undefined ? 'answered' : 'errors');
        const { errorCount } = response;
        if (errorCount !== undefined)
          logger.warn(
            { subgraph: client.name, errors: errorCount, requestId: context.requestId },
            `an answer of ${client.name} has too many errors, some were left out`,
          );
        const { data } = response;
        return addsText && response.errors === undefined && data !== undefined ? { data, text: answer.text } : response;
      }
      measure('invalid');
      failure = response;
    } catch (error) {
      if (!(error instanceof SubgraphCallError)) throw error;
      measure(error.reason);
      failure = `${error.reason}: ${error.message}`;
      isUnanswered = error.reason !== 'too-large';
    }
    logger.error(
      { subgraph: client.name, failure, requestId: context.requestId },
      `a call to ${client.name} failed: ${failure}`,
    );
    return { errors: [createUnavailableError(client.name)], ...(isUnanswered ? { isUnanswered } : {}) };
  }

  /**
   * @param onJoin called with true when the answer is that of an equal read, and with false when the call is sent after all
   * @throws SubgraphCallError
   */
  #post(
    { body, operation, operationKind, variables }: OutgoingCall,
    context: GatewayContext,
    trace: Context | undefined,
    onJoin: (isShared: boolean) => void,
  ): Promise<SubgraphAnswer> {
    const { client, supergraph, sharing } = this.#options;
    const deadlineMs = client.getDeadline();
    const send = (): Promise<SubgraphAnswer> => {
      onJoin(false);
      const headers = createHeaders(context, trace);
      const isSafe = (): boolean =>
        operationKind === 'query' || isRepeatable({ document: parse(operation), variables: variables() }, supergraph);
      const group = operationKind === 'query' ? operation : undefined;
      return this.#calls.post({ viewer: context.viewer, body, headers, isRepeatable: isSafe, group, deadlineMs });
    };
    if (operationKind === 'query' && this.#reads !== undefined) {
      const key = `${describeCaller(context, sharing?.dependsOnClient ?? true)}\n${body}`;
      return this.#reads.read({ key, deadlineMs, send, onJoin: () => onJoin(true) });
    }
    return operationKind === 'query' ? send() : this.#write(send, context);
  }

  async #write(send: () => Promise<SubgraphAnswer>, context: GatewayContext): Promise<SubgraphAnswer> {
    const { sharing, onWrite } = this.#options;
    try {
      return await send();
    } finally {
      // Also a mutation without an answer may have been executed.
      sharing?.generation.invalidate();
      await onWrite?.(context);
    }
  }
}

const callers = new WeakMap<Viewer, string>();

/** The parts of a caller on which the answer to a read may depend. */
function describeCaller({ viewer, ip, userAgent }: GatewayContext, dependsOnClient: boolean): string {
  let text = callers.get(viewer);
  if (text === undefined) {
    const { userId, sessionId, scopes } = viewer;
    callers.set(viewer, (text = JSON.stringify([userId, sessionId, ...scopes])));
  }
  return dependsOnClient ? `${text}${JSON.stringify([ip, userAgent])}` : text;
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

/**
 * The headers of a call, without those that prove the viewer.
 *
 * @param trace the call's place in its trace, if traces are exported
 */
export function createHeaders(
  { requestId, ip, userAgent }: Pick<GatewayContext, 'requestId' | 'ip' | 'userAgent'>,
  trace?: Context,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    [requestIdHeader]: requestId,
  };
  if (ip !== null) headers['x-client-ip'] = ip;
  if (userAgent !== null) headers['x-client-user-agent'] = userAgent;
  const traceparent = trace && formatTraceparent(trace);
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  return headers;
}
