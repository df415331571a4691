import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { unavailable } from './coded-errors.ts';
import { exposeError, isExposed } from './expose.ts';
import { requestIdHeader, type Logger } from '@shop/process';

/** For Apollo Server's `formatError`. It also sees errors of requests that no plugin hook is called for. */
export function formatError(formatted: GraphQLFormattedError): GraphQLFormattedError {
  return exposeError(formatted);
}

/** Says of an error that it is no fault of the work: what the work needs cannot be reached now. */
export type IsUnavailable = (error: unknown) => boolean;

/** {@link formatError} for a service whose clients are told to come again where `isUnavailable` says so. */
export function formatErrorOf(service: string, isUnavailable: IsUnavailable) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (isExposed(formatted.extensions?.['code']) || !isUnavailable(unwrapResolverError(error)))
      return formatError(formatted);
    const { message, extensions } = unavailable(`The ${service} service cannot do its work now. Try again later.`);
    return formatError({ ...formatted, message, extensions: { ...extensions, service } });
  };
}

/**
 * Adds the request id to masked errors and logs what was masked with its stack. Use it together with {@link formatError}.
 */
export function maskErrors(
  logger: Logger,
  isUnavailable: IsUnavailable = () => false,
): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors(request) {
          for (const error of request.errors) logIfMasked(logger, error, request, isUnavailable);
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

function logIfMasked(
  logger: Logger,
  error: GraphQLError,
  request: GraphQLRequestContext<BaseContext>,
  isUnavailable: IsUnavailable,
): void {
  if (isExposed(error.extensions['code'])) return;
  const passes = isUnavailable(unwrapResolverError(error));
  logger[passes ? 'warn' : 'error'](
    {
      err: error.originalError ?? error,
      path: error.path?.join('.'),
      operation: request.operationName ?? undefined,
      requestId: requestIdOf(request),
    },
    passes ? 'a request could not be served now' : 'an error was masked',
  );
}

function requestIdOf(request: GraphQLRequestContext<BaseContext>): string | undefined {
  return request.request.http?.headers.get(requestIdHeader);
}
