import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from './answer-reader.ts';

/** A GraphQL response of a subgraph. */
export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Codes by which a subgraph speaks to the client. Any other, such as an invalid operation, is between the gateway and it. */
const clientCodes: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'SERVICE_UNAVAILABLE',
]);

/**
 * @returns the response, or why the answer is none
 */
export function readAnswer({ status, contentType, text }: SubgraphAnswer): SubgraphResponse | string {
  if (status >= 500) return `answered with status ${status}`;
  if (status === 401 || status === 403) return 'refused the internal token';
  if (!/^application\/(graphql-response\+)?json\b/.test(contentType))
    return `answered status ${status} with "${contentType.slice(0, 100)}"`;
  const body = parseOrUndefined(text);
  if (!isObject(body)) return `answered status ${status} with broken JSON`;
  const { data, errors } = body;
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isGraphQLError)))
    return 'answered with malformed errors';
  if (data !== undefined && data !== null && !isObject(data)) return 'answered with malformed data';
  if (!isObject(data) && errors === undefined) return `answered status ${status} with neither data nor errors`;
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(withClientCode) }),
  };
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGraphQLError(value: unknown): value is GraphQLFormattedError {
  return (
    isObject(value) &&
    typeof value['message'] === 'string' &&
    (value['extensions'] === undefined || isObject(value['extensions']))
  );
}

function withClientCode(error: GraphQLFormattedError): GraphQLFormattedError {
  if (clientCodes.has(error.extensions?.['code'])) return error;
  return { ...error, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
