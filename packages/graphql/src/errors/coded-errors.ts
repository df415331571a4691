import { errorCodes, type ErrorCode } from '@shop/process';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';

/**
 * An error with a code of the registry.
 *
 * @param options.message default: the code's own message
 * @param options.extensions further members beside the code
 * @param options.setsStatus true when the HTTP answer gets the code's status; only for a request that is rejected as a
 * whole
 */
export function createCodedError(
  code: ErrorCode,
  options: {
    readonly message?: string | undefined;
    readonly extensions?: Readonly<Record<string, unknown>>;
    readonly path?: NonNullable<GraphQLErrorOptions['path']> | undefined;
    readonly setsStatus?: boolean;
  } = {},
): GraphQLError {
  const { message, status } = errorCodes[code];
  return new GraphQLError(options.message ?? message, {
    ...(options.path === undefined ? {} : { path: options.path }),
    extensions: { code, ...options.extensions, ...(options.setsStatus === true ? { http: { status } } : {}) },
  });
}

/** An argument has a form that the schema's types cannot exclude. */
export function badUserInput(message: string): GraphQLError {
  return createCodedError('BAD_USER_INPUT', { message });
}

/** A required resource is unavailable now. The same request may succeed later. */
export function unavailable(message: string): GraphQLError {
  return createCodedError('SERVICE_UNAVAILABLE', { message });
}
