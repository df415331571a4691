import type { OperationResult } from '@urql/core';
import { GraphqlError, HttpError, type GraphqlErrorEntry } from '../errors.ts';
import { readRetryAfter } from './retry-after.ts';

/** What is wrong with a result, if anything is. Where there was no answer it is what the exchanges, or `fetch`, have thrown. */
export function errorOf({ data, error }: OperationResult): Error | undefined {
  const { networkError, graphQLErrors = [] } = error ?? {};
  const response = error?.response as Response | undefined;
  if (response === undefined && networkError !== undefined) return networkError;
  // Neither data nor errors: it does not speak GraphQL at all.
  if (response !== undefined && (networkError !== undefined || (data === undefined && graphQLErrors.length === 0))) {
    return new HttpError(response.status, retryAfterOf(error));
  }
  if (data != null && graphQLErrors.length === 0) return undefined;
  return new GraphqlError(graphQLErrors.map(readError), data, response?.status ?? 200);
}

/** How long the server asks to be left alone, in milliseconds. */
export function retryAfterOf(error: OperationResult['error']): number | undefined {
  return readRetryAfter((error?.response as Response | undefined)?.headers.get('retry-after') ?? null, Date.now());
}

function readError(error: object): GraphqlErrorEntry {
  const { message, path, extensions } = error as {
    message?: unknown;
    path?: unknown;
    extensions?: Readonly<Record<string, unknown>>;
  };
  const code = extensions?.['code'];
  return {
    message: typeof message === 'string' ? message : 'The server gave no reason.',
    path: Array.isArray(path) ? (path as (string | number)[]) : [],
    code: typeof code === 'string' ? code : 'UNKNOWN',
    extensions: extensions ?? {},
  };
}
