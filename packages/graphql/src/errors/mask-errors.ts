import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { isExposedCode, requestIdHeader, type Logger } from '@shop/process';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { boundErrors, maxErrors, shortenErrors } from './bound-errors.ts';
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
  /** Adds the request id to masked errors, and logs those of an operation in one line. */
  readonly plugin: ApolloServerPlugin<BaseContext>;
  /** Does the work of both for an answer that does not pass through Apollo Server. */
  readonly maskErrors: (
    errors: readonly GraphQLError[],
    operation: MaskedOperation,
  ) => readonly GraphQLFormattedError[];
}

/** The operation whose errors are masked. */
export interface MaskedOperation {
  readonly operationName?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Keeps the text of unexpected errors from clients, and the number of errors within bounds. */
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
          logMasked(logger, request.errors, describeOperation(request), isUnavailable);
          // Apollo formats the same list next. Formatting a hundred thousand errors would take seconds. Without an operation, the errors
          // are those of a document, and graphql-js has bounded them.
          if (request.operation !== undefined) shortenErrors(request.errors as GraphQLError[]);
        },
        async willSendResponse({ request, response }) {
          if (response.body.kind !== 'single' || response.body.singleResult.errors === undefined) return;
          const requestId = request.http?.headers.get(requestIdHeader);
          const { singleResult } = response.body;
          singleResult.errors = boundErrors(response.body.singleResult.errors).map((error) =>
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

  return {
    formatError,
    plugin,
    maskErrors(errors, operation) {
      logMasked(logger, errors, operation, isUnavailable);
      const kept = [...errors];
      shortenErrors(kept);
      return kept.map((error) =>
        exposeError(formatError(error.toJSON(), error), { requestId: operation.requestId, exposeReasons }),
      );
    },
  };
}

/** How many further reasons the line has. */
const maxFurtherReasons = 5;

/** Writes one line for an operation: its first masked error, how many there are, and which other reasons they have. */
function logMasked(
  logger: Logger,
  errors: readonly GraphQLError[],
  { operationName, requestId }: MaskedOperation,
  isUnavailable: IsUnavailable,
): void {
  // `@apollo/gateway` also reports errors that are not GraphQL's, and have no extensions.
  const masked = errors.filter((error) => !isExposedCode((error as Partial<GraphQLError>).extensions?.['code']));
  const examined = masked.slice(0, maxErrors);
  const unexpected = examined.find((error) => !isUnavailable(unwrapResolverError(error)));
  const error = unexpected ?? examined[0];
  if (error === undefined) return;
  const further = new Set(examined.map(({ message }) => message));
  further.delete(error.message);
  logger[unexpected === undefined ? 'warn' : 'error'](
    {
      err: error.originalError ?? error,
      path: error.path?.join('.'),
      operation: operationName,
      requestId,
      ...(masked.length === 1 ? {} : { errors: masked.length }),
      ...(further.size === 0 ? {} : { furtherReasons: [...further].slice(0, maxFurtherReasons) }),
    },
    unexpected === undefined ? 'a request could not be served now' : 'an error was masked',
  );
}

function describeOperation(request: GraphQLRequestContext<BaseContext>): MaskedOperation {
  return { operationName: request.operationName ?? undefined, requestId: readRequestId(request) };
}

function readRequestId(request: GraphQLRequestContext<BaseContext>): string | undefined {
  return request.request.http?.headers.get(requestIdHeader);
}
