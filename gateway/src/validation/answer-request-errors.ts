import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { errorCodes, type ErrorCode } from '@shop/process';

/** Errors of a request that reached the GraphQL layer, and was not executed since its document or its variables are wrong. */
const ofTheDocument: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/** Enough to correct a document. Each error of a hostile one would cost its text again. */
const maxValidationErrors = 5;

/**
 * Answers a document that cannot be executed as GraphQL over HTTP says: to a client that names `application/json`, with status 200,
 * since such a client takes any other status for one of HTTP; to all others with 400.
 */
export function answerRequestErrors(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart({ request }) {
      return {
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult as { errors?: readonly GraphQLFormattedError[]; data?: unknown };
          if (result.errors === undefined || result.data != null) return;
          result.errors = shorten(result.errors);
          const accept = request.http?.headers.get('accept') ?? '';
          const isOfTheDocument = result.errors.every(({ extensions }) => ofTheDocument.has(extensions?.['code']));
          if (isOfTheDocument && response.http.status === 400 && prefersPlainJson(accept)) response.http.status = 200;
        },
      };
    },
  };
}

/** True when a client takes `application/json` and not GraphQL's own type. */
function prefersPlainJson(accept: string): boolean {
  return /application\/json/i.test(accept) && !/application\/graphql-response\+json/i.test(accept);
}

function shorten(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  const code: ErrorCode = 'GRAPHQL_VALIDATION_FAILED';
  const more = errors.length - maxValidationErrors;
  if (more <= 0 || errors.some(({ extensions }) => extensions?.['code'] !== code)) return errors;
  const note = { message: `${errorCodes[code].message} ${more} more errors were left out.`, extensions: { code } };
  return [...errors.slice(0, maxValidationErrors), note];
}
