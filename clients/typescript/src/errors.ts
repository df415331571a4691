/** Every error of this package. What is not one came from elsewhere: an abort's reason, or an error of the token store. */
export abstract class ShopError extends Error {
  /** The idempotency key that the request carried: with it, the same input may be sent again. */
  idempotencyKey?: string;
}

/** One's own of an error that many get, such as those who waited for a refresh: the keys of their requests differ. */
export function ownError<Failure extends ShopError>(error: Failure): Failure {
  // In newer engines `stack` is an accessor, which a copy has no use for.
  const properties = {
    ...Object.getOwnPropertyDescriptors(error),
    stack: { value: error.stack, configurable: true, writable: true },
  };
  return Object.create(Object.getPrototypeOf(error) as object, properties) as Failure;
}

/** No answer came: the network, or the server, is away. `cause` has what `fetch` threw. */
export class NetworkError extends ShopError {
  override readonly name: string = 'NetworkError';
}

/** No answer came in time. */
export class TimeoutError extends NetworkError {
  override readonly name = 'TimeoutError';
}

/** An answer that is not GraphQL: a proxy's, or another server's. */
export class HttpError extends ShopError {
  override readonly name = 'HttpError';
  readonly status: number;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs?: number) {
    super(`The server answered ${status} without GraphQL.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One of an answer's `errors`. */
export interface GraphqlErrorEntry {
  readonly message: string;
  /** Where in the data the value is missing; empty where the whole request was refused. */
  readonly path: readonly (string | number)[];
  /** Such as UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, SERVICE_UNAVAILABLE or INTERNAL_SERVER_ERROR. */
  readonly code: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** An answer with `errors`: something beside the expected failures, which are data. */
export class GraphqlError extends ShopError {
  override readonly name = 'GraphqlError';
  readonly errors: readonly GraphqlErrorEntry[];
  /** Of the first error. */
  readonly code: string;
  /** Of the first error. */
  readonly path: readonly (string | number)[];
  /** What the answer has nevertheless; {@link ShopClient.execute} gives it with its type. */
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

/** The session is over: the server refused its refresh token, or someone signed out meanwhile. Sign in again. */
export class SessionEndedError extends ShopError {
  override readonly name = 'SessionEndedError';

  constructor(message = 'The session is over: sign in again.') {
    super(message);
  }
}

/** A mutation answered with one of its expected failures. */
export class UserFailure<
  Failure extends { readonly __typename: string } = { readonly __typename: string },
> extends ShopError {
  override readonly name = 'UserFailure';
  /** The member of the result union. */
  readonly failure: Failure;
  /** Such as INVALID_INPUT. */
  readonly code: string;

  constructor(failure: Failure) {
    const { code = failure.__typename, message = 'it was not done' } = failure as Partial<
      Record<'code' | 'message', string>
    >;
    super(`${code}: ${message}`);
    this.failure = failure;
    this.code = code;
  }
}
