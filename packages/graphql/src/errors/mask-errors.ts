import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { isExposedCode, requestIdHeader, type Logger } from '@shop/process';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { unavailable } from './coded-errors.ts';
import { describeReason, exposeError } from './expose.ts';

/** True when an error says that a resource which the service needs, such as its database, is unavailable. */
export type IsUnavailable = (error: unknown) => boolean;

export interface MaskingOptions {
  readonly logger: Logger;
  /** Names the service in errors that {@link MaskingOptions.isUnavailable} recognises. */
  readonly service: string;
  /** True when clients see the reason and the stack of unexpected errors: only under `npm run dev`. Default: false. */
  readonly exposeReasons?: boolean;
  /** Errors that are answered with SERVICE_UNAVAILABLE. Default: none. */
  readonly isUnavailable?: IsUnavailable;
}

/** The two parts of masking, for the options of Apollo Server. They only work together. */
export interface ErrorMasking {
  /** Also handles errors of requests for which Apollo calls no plugin hook. */
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  /** Adds the request id to masked errors, and logs them with their stack. */
  readonly plugin: ApolloServerPlugin<BaseContext>;
}

/** Keeps the text of unexpected errors from clients. */
export function createErrorMasking(options: MaskingOptions): ErrorMasking {
  const { logger, exposeReasons = false, service, isUnavailable = () => false } = options;

  function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
    if (isExposedCode(formatted.extensions?.['code'])) return exposeError(formatted);
    const cause = unwrapResolverError(error);
    if (isUnavailable(cause)) {
      const { message, extensions } = unavailable(`The ${service} service cannot do its work now. Try again later.`);
      return exposeError({ ...formatted, message, extensions: { ...extensions, service } });
    }
    if (!exposeReasons) return exposeError(formatted);
    // An error of a subgraph already has its reason.
    const reason = formatted.extensions?.['reason'] === undefined ? describeReason(cause) : {};
    return exposeError({ ...formatted, extensions: { ...formatted.extensions, ...reason } }, { exposeReasons });
  }

  const plugin: ApolloServerPlugin<BaseContext> = {
    async requestDidStart() {
      return {
        async didEncounterErrors(request) {
          for (const error of request.errors) logIfMasked(logger, error, request, isUnavailable);
        },
        async willSendResponse({ request, response }) {
          if (response.body.kind !== 'single' || response.body.singleResult.errors === undefined) return;
          const requestId = request.http?.headers.get(requestIdHeader);
          const { singleResult } = response.body;
          singleResult.errors = response.body.singleResult.errors.map((error) =>
            exposeError(error, { requestId, exposeReasons }),
          );
        },
      };
    },
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logger.error({ err: error, requestId: readRequestId(requestContext) }, 'request failed');
    },
    async contextCreationDidFail({ error }) {
      logger.error({ err: error }, 'context could not be created');
    },
    async startupDidFail({ error }) {
      logger.error({ err: error }, 'server could not start');
    },
  };

  return { formatError, plugin };
}

function logIfMasked(
  logger: Logger,
  error: GraphQLError,
  request: GraphQLRequestContext<BaseContext>,
  isUnavailable: IsUnavailable,
): void {
  if (isExposedCode(error.extensions['code'])) return;
  const isForLater = isUnavailable(unwrapResolverError(error));
  logger[isForLater ? 'warn' : 'error'](
    {
      err: error.originalError ?? error,
      path: error.path?.join('.'),
      operation: request.operationName ?? undefined,
      requestId: readRequestId(request),
    },
    isForLater ? 'a request could not be served now' : 'an error was masked',
  );
}

function readRequestId(request: GraphQLRequestContext<BaseContext>): string | undefined {
  return request.request.http?.headers.get(requestIdHeader);
}
