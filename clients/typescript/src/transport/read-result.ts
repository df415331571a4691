import type { OperationResult } from '@urql/core';
import { GraphqlError, HttpError, type GraphqlErrorEntry } from '../errors.ts';
import { readRetryAfter } from './retry-after.ts';

/** The error of a result, if it has one. Without an answer it is the error that `fetch` or an exchange threw. */
export function findError({ data, error }: OperationResult): Error | undefined {
  const { networkError, graphQLErrors = [] } = error ?? {};
  const response = findResponse(error);
  if (response === undefined && networkError !== undefined) return networkError;
  // An answer with neither data nor errors is not GraphQL.
  if (response !== undefined && (networkError !== undefined || (data === undefined && graphQLErrors.length === 0))) {
    return new HttpError(response.status, readRetryAfterMs(error));
  }
  if (data != null && graphQLErrors.length === 0) return undefined;
  return new GraphqlError(graphQLErrors.map(readEntry), data, response?.status ?? 200);
}

/** The HTTP response behind an error; urql leaves it untyped. */
export function findResponse(error: OperationResult['error']): Response | undefined {
  return error?.response;
}

/** The pause that the server asks for, in milliseconds. */
export function readRetryAfterMs(error: OperationResult['error']): number | undefined {
  return readRetryAfter(findResponse(error)?.headers.get('retry-after') ?? null, Date.now());
}

/** An entry of `errors` as a server may send it: nothing about its members is certain. */
export interface UncheckedEntry {
  readonly message?: unknown;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Reads an entry of `errors`. */
export function readEntry({ message, path, extensions = {} }: UncheckedEntry): GraphqlErrorEntry {
  const code = extensions['code'];
  return {
    message: typeof message === 'string' ? message : 'The server gave no reason.',
    path: Array.isArray(path) ? path : [],
    code: typeof code === 'string' ? code : 'UNKNOWN',
    extensions,
  };
}
