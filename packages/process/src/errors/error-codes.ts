/** One `extensions.code` of an error. */
export interface ErrorCodeDefinition {
  /** The default message. */
  readonly message: string;
  /** The HTTP status of an answer that consists of this error alone; undefined for errors inside an answer with data. */
  readonly status: number | undefined;
  /** True when clients see the code and the message. An error with any other code is masked. */
  readonly isExposed: boolean;
  /** The situation in which the error occurs, for the documentation. */
  readonly meaning: string;
}

const exposed = <Status extends number | undefined>(status: Status, message: string, meaning: string) => ({
  message,
  status,
  isExposed: true,
  meaning,
});

/**
 * Every code that an error of the API can have. Expected failures of a mutation are not here: they are types of the schema.
 * The order is that of the documentation.
 */
export const errorCodes = {
  UNAUTHENTICATED: exposed(
    401,
    'You must be signed in.',
    'The field needs a signed-in user, or the access token is invalid or has expired.',
  ),
  FORBIDDEN: exposed(undefined, 'You may not do this.', 'The user lacks a scope that the field needs.'),
  BAD_USER_INPUT: exposed(400, 'The input is invalid.', 'An argument or a variable has a value that is not allowed.'),
  SERVICE_UNAVAILABLE: exposed(
    503,
    'The service is unavailable. Try again later.',
    'A service cannot be reached now. The same request may succeed later.',
  ),
  BAD_REQUEST: exposed(
    400,
    'The request is malformed.',
    'The HTTP request is malformed, too large, or has the wrong content type.',
  ),
  RATE_LIMITED: exposed(
    429,
    'You have sent too much. Wait, and try again.',
    'The client has spent its points of this minute. `Retry-After` says how many seconds to wait.',
  ),
  TOO_MANY_SUBSCRIPTIONS: exposed(
    429,
    'There are too many subscriptions.',
    'Too many subscriptions of the connection, the client or the gateway are open. End some.',
  ),
  SUBSCRIPTION_RESTART: exposed(
    503,
    'The subscription has ended. Subscribe again.',
    'The gateway stops, or has another schema. Subscribe again.',
  ),
  NOT_FOUND: exposed(
    404,
    'There is nothing here.',
    'The URL does not exist. In a subscription: the object does not exist, or may not be seen.',
  ),
  METHOD_NOT_ALLOWED: exposed(405, 'Use POST, or GET for queries.', 'The URL does not support the HTTP method.'),
  GRAPHQL_PARSE_FAILED: exposed(400, 'The document cannot be parsed.', 'The document is not valid GraphQL.'),
  GRAPHQL_VALIDATION_FAILED: exposed(
    400,
    'The document does not match the schema.',
    'The document names unknown fields, or breaks another rule of the schema.',
  ),
  OPERATION_RESOLUTION_FAILURE: exposed(
    400,
    'The document does not have the operation.',
    '`operationName` is missing, or names no operation of the document.',
  ),
  PERSISTED_QUERY_NOT_FOUND: exposed(
    200,
    'PersistedQueryNotFound',
    'No persisted operation has this id. Send the text of the operation with it.',
  ),
  PERSISTED_QUERY_NOT_SUPPORTED: exposed(
    200,
    'PersistedQueryNotSupported',
    'Persisted operations are off. Send the text of the operation.',
  ),
  PERSISTED_QUERY_NOT_IN_LIST: exposed(
    400,
    'No persisted operation has this id. Add the operation to the manifest of the gateway.',
    'No persisted operation has this id, and the gateway accepts no other operations.',
  ),
  QUERY_NOT_IN_SAFELIST: exposed(
    400,
    'The gateway accepts persisted operations only. Send extensions.persistedQuery with an id; ' +
      'a new operation must first be added to the manifest of the gateway.',
    'The gateway accepts persisted operations only.',
  ),
  DEPTH_LIMIT_EXCEEDED: exposed(400, 'The operation is too deep.', 'The operation nests fields too deeply.'),
  SELECTION_LIMIT_EXCEEDED: exposed(
    400,
    'The operation has too many selections to be planned.',
    'The operation selects too many fields and fragments.',
  ),
  ALIAS_LIMIT_EXCEEDED: exposed(
    400,
    'The operation has too many aliases of root fields.',
    'The operation has too many aliases of root fields.',
  ),
  COST_LIMIT_EXCEEDED: exposed(400, 'The operation costs too much.', 'The operation can return too many objects.'),
  RESPONSE_SIZE_LIMIT_EXCEEDED: exposed(
    400,
    'The answer would be too large.',
    'The answer is too large, or could be. Ask for fewer items or fields.',
  ),
  FETCH_LIMIT_EXCEEDED: exposed(
    400,
    'The operation needs too many calls to services.',
    'The operation needs too many calls to services.',
  ),
  PLAN_LIMIT_EXCEEDED: exposed(
    400,
    'The operation takes too long to plan.',
    'The operation takes too long to plan. Split it.',
  ),
  FIELD_UNRESOLVABLE: exposed(
    400,
    'No service can find a field at its place.',
    'No service can find the field at this place, although the schema has it. Remove the field.',
  ),
  EVENTS_MISSED: exposed(
    undefined,
    'Changes may have been missed. Read the list again.',
    'In a subscription to a set: changes may have been missed. Read the list again; it goes on.',
  ),
  ERRORS_LEFT_OUT: exposed(
    undefined,
    'More errors were left out.',
    'The answer has more than 100 errors. This is the last of 100, and has no path.',
  ),
  INTERNAL_SERVER_ERROR: {
    message: 'Something went wrong on our side.',
    status: 500,
    isExposed: false,
    meaning: 'An unexpected error. The log has its reason, under the request id.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeDefinition>>;

/** A code of the registry. */
export type ErrorCode = keyof typeof errorCodes;

/** The code of an error that is masked. */
export const maskedCode = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;

/** True when clients may see an error with this `extensions.code`. */
export function isExposedCode(code: unknown): boolean {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code) && errorCodes[code as ErrorCode].isExposed;
}
