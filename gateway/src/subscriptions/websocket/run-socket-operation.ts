import { trace } from '@opentelemetry/api';
import type { ErrorMasking } from '@shop/graphql';
import { endServerSpan, errorBody, requestIdFor, requestIdHeader, startServerSpan } from '@shop/process';
import { GraphQLError, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql';
import { joinTokens } from '../../cache/version-tokens.ts';
import type { GatewayContext } from '../../context.ts';
import { findClient } from '../../context.ts';
import { overloaded, type LoadShedding } from '../../edge/shed-load.ts';
import type { LoopTurns } from '../../edge/loop-turns.ts';
import type { ServedGraphs } from '../../graph/served-graphs.ts';
import type { Caller } from '../../identity/identify-caller.ts';
import { freeTextHeader } from '../../persisted-operations/free-text-header.ts';
import type { ReportOperation } from '../../telemetry/report-requests.ts';
import { createRecord } from '../../telemetry/request-record.ts';
import type { OpenSubscription, OpenSubscriptions } from '../open-subscriptions.ts';
import { refuse, runOperation, type OperationAnswer } from '../prepare-subscription.ts';
import type { RequestedOperation } from '../read-operation.ts';

export interface SocketOperationParts {
  readonly graphs: Pick<ServedGraphs, 'enter'>;
  readonly open: OpenSubscriptions;
  readonly turns: LoopTurns;
  readonly shedding: LoadShedding;
  readonly report: ReportOperation;
  readonly masking: ErrorMasking;
  /** True when operations have spans. */
  readonly isTraced: boolean;
}

/** The client of a socket. */
export interface SocketClient {
  /** The object that stands for the connection in limits. */
  readonly connection: object;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** True where a person types the operations, on a page for developers. */
  readonly isFreeText: boolean;
}

/** The answer to an operation: messages, one result, or the errors of an operation that was not executed. */
export type SocketAnswer =
  | { readonly kind: 'stream'; readonly subscription: OpenSubscription; readonly requestId: string }
  | { readonly kind: 'result'; readonly result: object }
  | { readonly kind: 'errors'; readonly errors: readonly GraphQLError[] };

/**
 * Runs one operation of a socket, as a request of its own: with an id, a record, and all that a request to `/graphql` passes. It never
 * rejects.
 *
 * @param isWanted false when the client has left meanwhile: then no stream is opened
 */
export async function runSocketOperation(
  parts: SocketOperationParts,
  options: {
    readonly operation: RequestedOperation;
    readonly caller: Caller;
    readonly client: SocketClient;
    readonly isWanted: () => boolean;
  },
): Promise<SocketAnswer> {
  const { graphs, open, turns, shedding, report, masking, isTraced } = parts;
  const { operation, caller, client, isWanted } = options;
  const { connection, ip, userAgent, isFreeText } = client;
  const requestId = requestIdFor({ headers: {} });
  const record = createRecord();
  const { traceparent, versionToken } = operation.extensions ?? {};
  const traced = isTraced ? startServerSpan(traceparent, describeSpan) : undefined;
  const context: GatewayContext = {
    ...caller,
    requestId,
    ip,
    userAgent,
    versionToken: typeof versionToken === 'string' ? versionToken : undefined,
    record,
    trace: traced,
  };
  const finish = (status: number | undefined): void => {
    report(record, { requestId, status, traceId: traced && trace.getSpanContext(traced)?.traceId });
    if (traced !== undefined) endServerSpan(traced, status);
  };

  await turns.enter();
  const leave = shedding.enter();
  if (leave === undefined) {
    record.rejection = overloaded.rejection;
    finish(503);
    return fail(errorBody('SERVICE_UNAVAILABLE', overloaded.message).errors);
  }
  const graph = graphs.enter();
  try {
    const headers = new Map([
      [requestIdHeader, requestId],
      ...(isFreeText ? ([[freeTextHeader, 'true']] as const) : []),
    ]);
    let answer: OperationAnswer;
    try {
      answer = await runOperation(graph.apollo, operation, context, headers);
    } catch {
      finish(500);
      return fail(errorBody('INTERNAL_SERVER_ERROR', undefined, requestId).errors);
    }
    if (answer.prepared === undefined) {
      finish(answer.status);
      const result = addVersionToken(answer.result, joinTokens(record.versionTokens));
      return result.data === undefined && result.errors !== undefined
        ? fail(result.errors)
        : { kind: 'result', result };
    }
    record.operation = answer.prepared.operationName;
    record.type = 'subscription';
    if (!isWanted()) {
      finish(undefined);
      return { kind: 'errors', errors: [] };
    }
    try {
      const subscription = open.open(answer.prepared, {
        graph,
        client: findClient(context),
        connection,
        transport: 'websocket',
      });
      record.outcome = 'ok';
      record.codes = [];
      finish(200);
      return { kind: 'stream', subscription, requestId };
    } catch (error) {
      const { status, errors } = refuse(error, context, masking);
      record.codes = errors.map(({ extensions }) => String(extensions?.['code']));
      record.outcome = status >= 500 ? 'failed' : 'refused';
      finish(status);
      return fail(errors);
    }
  } finally {
    graph.leave();
    leave();
  }
}

const describeSpan = () => ({ name: 'operation', attributes: { 'network.protocol.name': 'websocket' } });

/** A socket has no headers for it. */
function addVersionToken(result: FormattedExecutionResult, versionToken: string | undefined): FormattedExecutionResult {
  return versionToken === undefined ? result : { ...result, extensions: { ...result.extensions, versionToken } };
}

/** The protocol's library takes errors as objects of graphql-js. */
function fail(errors: readonly GraphQLFormattedError[]): SocketAnswer {
  return { kind: 'errors', errors: errors.map(toError) };
}

function toError({ message, path, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, {
    ...(path === undefined ? {} : { path }),
    ...(extensions === undefined ? {} : { extensions }),
  });
}
