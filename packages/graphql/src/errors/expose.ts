import { maskedCode, maskedMessage } from '@shop/process';
import type { GraphQLFormattedError } from 'graphql';

/** The codes that a client may see. Whatever carries another is a fault of ours, and its text stays inside. */
const exposedCodes: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'SERVICE_UNAVAILABLE',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'QUERY_NOT_IN_SAFELIST',
  'DEPTH_LIMIT_EXCEEDED',
  'SELECTION_LIMIT_EXCEEDED',
  'ALIAS_LIMIT_EXCEEDED',
  'COST_LIMIT_EXCEEDED',
]);

/** What may stand in `extensions` beside the code. A list of what is allowed, since libraries add more of their own. */
const exposedExtensions = ['code', 'service', 'scope', 'limit', 'actual', 'requestId'] as const;

/** Whether an error with this `extensions.code` is meant for the client. */
export function isExposed(code: unknown): boolean {
  return exposedCodes.has(code);
}

/**
 * The form of an error that may leave the process: a known code with its message, or else
 * `INTERNAL_SERVER_ERROR` with a message that says nothing and the request id, by which the log is searched.
 */
export function exposeError(error: GraphQLFormattedError, requestId?: string): GraphQLFormattedError {
  const place = {
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(error.path === undefined ? {} : { path: error.path }),
  };
  const given = error.extensions ?? {};
  if (!isExposed(given['code'])) {
    return {
      message: maskedMessage,
      ...place,
      extensions: { code: maskedCode, ...(requestId === undefined ? {} : { requestId }) },
    };
  }
  const kept = exposedExtensions.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
  return { message: error.message, ...place, extensions: Object.fromEntries(kept) };
}
