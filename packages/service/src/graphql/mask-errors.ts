import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { exposeError, isExposed } from '../errors/expose.ts';
import { requestIdHeader } from '../http/request-id.ts';
import type { Logger } from '../log/create-logger.ts';

/** For Apollo Server's `formatError`. It also sees errors of requests that no plugin hook is called for. */
export function formatError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  return exposeError(formatted);
}

/**
 * Adds the request id to masked errors and logs what was masked with its stack. Use it together with {@link formatError}.
 */
export function maskErrors(logger: Logger): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors(request) {
          for (const error of request.errors) logIfMasked(logger, error, request);
        },
        async willSendResponse({ request, response }) {
          if (response.body.kind !== 'single' || response.body.singleResult.errors === undefined) return;
          const requestId = request.http?.headers.get(requestIdHeader);
          response.body.singleResult.errors = response.body.singleResult.errors.map((e) => exposeError(e, requestId));
        },
      };
    },
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logger.error({ err: error, requestId: requestIdOf(requestContext) }, 'request failed');
    },
    async contextCreationDidFail({ error }) {
      logger.error({ err: error }, 'context could not be created');
    },
    async startupDidFail({ error }) {
      logger.error({ err: error }, 'server could not start');
    },
  };
}

function logIfMasked(logger: Logger, error: GraphQLError, request: GraphQLRequestContext<BaseContext>): void {
  if (isExposed(error.extensions['code'])) return;
  logger.error(
    {
      err: error.originalError ?? error,
      path: error.path?.join('.'),
      operation: request.operationName ?? undefined,
      requestId: requestIdOf(request),
    },
    'an error was masked',
  );
}

function requestIdOf(request: GraphQLRequestContext<BaseContext>): string | undefined {
  return request.request.http?.headers.get(requestIdHeader);
}
