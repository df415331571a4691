import type { ErrorMasking } from '@shop/graphql';
import { errorBody, requestIdFor, requestIdHeader } from '@shop/process';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
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
  const { graphs, open, turns, shedding, report, masking } = parts;
  const { operation, caller, client, isWanted } = options;
  const { connection, ip, userAgent, isFreeText } = client;
  const requestId = requestIdFor({ headers: {} });
  const record = createRecord();
  const context: GatewayContext = { ...caller, requestId, ip, userAgent, record };

  await turns.enter();
  const leave = shedding.enter();
  if (leave === undefined) {
    record.rejection = overloaded.rejection;
    report(record, { requestId, status: 503 });
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
      report(record, { requestId, status: 500 });
      return fail(errorBody('INTERNAL_SERVER_ERROR', undefined, requestId).errors);
    }
    if (answer.prepared === undefined) {
      report(record, { requestId, status: answer.status });
      const { result } = answer;
      return result.data === undefined && result.errors !== undefined
        ? fail(result.errors)
        : { kind: 'result', result };
    }
    record.operation = answer.prepared.operationName;
    record.type = 'subscription';
    if (!isWanted()) {
      report(record, { requestId, status: undefined });
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
      report(record, { requestId, status: 200 });
      return { kind: 'stream', subscription, requestId };
    } catch (error) {
      const { status, errors } = refuse(error, context, masking);
      record.codes = errors.map(({ extensions }) => String(extensions?.['code']));
      record.outcome = status >= 500 ? 'failed' : 'refused';
      report(record, { requestId, status });
      return fail(errors);
    }
  } finally {
    graph.leave();
    leave();
  }
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
