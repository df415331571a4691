/** The base of every error of this package. Other errors come from outside: an abort's reason, or the token store. */
export abstract class ShopError extends Error {
  /** The idempotency key of the request. With it, the same input can be sent again safely. */
  idempotencyKey?: string;
}

/**
 * A copy of an error for one of several callers, for example when they wait for one refresh. Each copy has the caller's
 * own key.
 */
export function copyError<Failure extends ShopError>(error: Failure): Failure {
  // In newer engines `stack` is an accessor that does not work on a copy.
  const properties = {
    ...Object.getOwnPropertyDescriptors(error),
    stack: { value: error.stack, configurable: true, writable: true },
  };
  return Object.create(Object.getPrototypeOf(error), properties);
}

/** No answer came: the network or the server is unavailable. `cause` is the error that `fetch` threw. */
export class NetworkError extends ShopError {
  override readonly name: string = 'NetworkError';
}

/** No answer came in time. */
export class TimeoutError extends NetworkError {
  override readonly name = 'TimeoutError';
}

/** The answer is not GraphQL. It comes from a proxy or from another server. */
export class HttpError extends ShopError {
  override readonly name = 'HttpError';
  readonly status: number;
  /** The pause that the server asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs?: number) {
    super(`The server answered ${status} without GraphQL.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One entry of an answer's `errors`. */
export interface GraphqlErrorEntry {
  readonly message: string;
  /** The place in the data where the value is missing; empty when the whole request was rejected. */
  readonly path: readonly (string | number)[];
  /** For example UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, SERVICE_UNAVAILABLE or INTERNAL_SERVER_ERROR. */
  readonly code: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** An answer with `errors`. Expected failures of mutations are data, not errors. */
export class GraphqlError extends ShopError {
  override readonly name = 'GraphqlError';
  readonly errors: readonly GraphqlErrorEntry[];
  /** The code of the first error. */
  readonly code: string;
  /** The path of the first error. */
  readonly path: readonly (string | number)[];
  /** The partial data of the answer. {@link ShopClient.execute} returns it with its type. */
  readonly data: unknown;
  readonly status: number;

  constructor(errors: readonly GraphqlErrorEntry[], data: unknown, status: number) {
    const [first] = errors;
    super(first === undefined ? 'The answer has neither data nor errors.' : describe(first));
    this.errors = errors;
    this.code = first?.code ?? 'UNKNOWN';
    this.path = first?.path ?? [];
    this.data = data;
    this.status = status;
  }
}

const describe = ({ code, message, path }: GraphqlErrorEntry): string =>
  `${code}${path.length > 0 ? ` at ${path.join('.')}` : ''}: ${message}`;

/** The session has ended: the server refused its refresh token, or the user signed out meanwhile. Sign in again. */
export class SessionEndedError extends ShopError {
  override readonly name = 'SessionEndedError';

  constructor(message = 'The session has ended. Sign in again.') {
    super(message);
  }
}

/** The members that most expected failures have. */
interface FailureTexts {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
}

/** A mutation returned one of its expected failures. */
export class UserFailure<
  Failure extends { readonly __typename: string } = { readonly __typename: string },
> extends ShopError {
  override readonly name = 'UserFailure';
  /** The member of the result union. */
  readonly failure: Failure;
  /** For example INVALID_INPUT. */
  readonly code: string;

  constructor(failure: Failure) {
    const { code = failure.__typename, message = 'The server gave no reason.' }: FailureTexts = failure;
    super(`${code}: ${message}`);
    this.failure = failure;
    this.code = code;
  }
}
