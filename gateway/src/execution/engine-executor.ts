import type { AnswerError } from '@shop/engine';
import type { ErrorCode } from '@shop/process';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { CreateExecutor } from '../planning/planned-gateway.ts';
import type { PreparedSubscription } from '../live/live-stream.ts';
import { createEngine, type Engine, type EngineOptions, type EngineRequest } from './engine.ts';
import type { ExecutionResult } from './execution-stages.ts';

/** Executes operations with the engine, for Apollo Server: it handles all requests that do not take the short way. */
export function createEngineExecutor(
  options: Omit<EngineOptions, 'schema' | 'plans'> & {
    /** Called with the engine of a supergraph that was loaded. */
    readonly onLoad?: (engine: Engine, schema: GraphQLSchema) => void;
    /**
     * Called for a supergraph that was loaded, with an engine that keeps operations as long as their documents. Default: subscriptions are
     * refused.
     */
    readonly openSubscriptions?: (engine: Engine, schema: GraphQLSchema) => PrepareSubscription;
  },
): CreateExecutor {
  return ({ schema, plans }) => {
    const engine = createEngine({ ...options, schema, plans });
    options.onLoad?.(engine, schema);
    const { memory: _memory, ...others } = options;
    const prepareSubscription = options.openSubscriptions?.(createEngine({ ...others, schema, plans }), schema);
    return async ({ document, request, context, operation }) => {
      if (operation.operation === 'subscription') {
        const { operationName } = request;
        const subscription = { document, operationName: operationName ?? undefined, variables: request.variables };
        return prepare({ ...subscription, context: context as GatewayContext }, prepareSubscription);
      }
      const { data, errors, refusal } = await engine({
        document,
        operationName: request.operationName ?? undefined,
        variables: request.variables,
        context: context as GatewayContext,
      });
      if (refusal !== undefined) throw refusal;
      return {
        ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
        ...(errors.length === 0 ? {} : { errors: errors.map(toGraphQLError) }),
      } as ExecutionResult;
    };
  };
}

/** Prepares a subscription with a valid document. */
type PrepareSubscription = (request: EngineRequest) => Promise<PreparedSubscription>;

/** The transport that asked opens the stream. The answer to the request itself is empty. */
async function prepare(request: EngineRequest, prepareSubscription: PrepareSubscription | undefined) {
  const { subscribing } = request.context;
  if (prepareSubscription === undefined)
    throw refuseSubscription(
      'This gateway serves no subscriptions: it needs a broker (NATS_URL) and GATEWAY_ENGINE=own.',
    );
  if (subscribing === undefined)
    throw refuseSubscription(
      'A subscription is answered as a stream. Send `accept: text/event-stream`, or ask over WebSocket: see docs/subscriptions.md.',
    );
  subscribing.prepared = await prepareSubscription(request);
  return { data: null };
}

const refuseSubscription = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' satisfies ErrorCode, http: { status: 406 } } });

export function toGraphQLError(error: AnswerError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const { message, path, extensions } = error;
  return new GraphQLError(message, {
    ...(path === undefined ? {} : { path }),
    ...(extensions === undefined ? {} : { extensions }),
  });
}
