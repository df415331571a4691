import { boundErrors } from '@shop/graphql';
import { type ErrorCode, maskedCode } from '@shop/process';
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from './answer-reader.ts';

/** A GraphQL response of a subgraph. */
export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  /** The data as JSON, in their place. */
  readonly json?: string;
  /** How many errors the answer has, if that is more than are kept. */
  readonly errorCount?: number;
  /** True when no answer came. */
  readonly isUnanswered?: boolean;
  /** The answer as the subgraph wrote it, where it has no errors and is asked for. */
  readonly text?: string;
}

/** Codes of a subgraph that are meant for the client. Any other, such as that of an invalid operation, concerns the gateway only. */
const clientCodes: ReadonlySet<unknown> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'SERVICE_UNAVAILABLE',
  'RESPONSE_SIZE_LIMIT_EXCEEDED',
  'ERRORS_LEFT_OUT',
]);

/**
 * Reads the answer of a subgraph. Of many errors, only the first are kept: each one costs the gateway more than its text.
 *
 * @param options.exposeReasons whether the reasons of unexpected errors are kept
 * @returns the response, or the reason why the answer is not one
 */
export function readAnswer(
  { status, contentType, text }: SubgraphAnswer,
  options: { exposeReasons: boolean } = { exposeReasons: false },
): SubgraphResponse | string {
  const fault = findStatusFault(status);
  if (fault !== undefined) return fault;
  if (!/^application\/(graphql-response\+)?json\b/.test(contentType))
    return `answered status ${status} with "${contentType.slice(0, 100)}"`;
  const body = parseOrUndefined(text);
  if (!isObject(body)) return `answered status ${status} with broken JSON`;
  const { data, errors } = body;
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isGraphQLError)))
    return 'answered with malformed errors';
  if (data !== undefined && data !== null && !isObject(data)) return 'answered with malformed data';
  if (!isObject(data) && errors === undefined) return `answered status ${status} with neither data nor errors`;
  if (errors === undefined) return data === undefined ? {} : { data };
  const kept = boundErrors(errors);
  return {
    ...(data === undefined ? {} : { data }),
    errors: kept.map((error) => maskUnlessForClient(error, options.exposeReasons)),
    ...(kept === errors ? {} : { errorCount: errors.length }),
  };
}

const [dataStart, dataEnd] = ['{"data":{', '}}\n'] as const;

/**
 * The data as the subgraph wrote them, if it says that there are no errors and that they are as its schema has them. Undefined when it does
 * not, or when there is anything else in the answer.
 */
export function readConformingData({ status, isConforming, text }: SubgraphAnswer): string | undefined {
  if (status !== 200 || isConforming !== true || !text.startsWith(dataStart) || !text.endsWith(dataEnd))
    return undefined;
  return text.slice(dataStart.length - 1, 1 - dataEnd.length);
}

/** Says why an answer with the status is no GraphQL response, whatever its body is. Undefined when it may be one. */
export function findStatusFault(status: number): string | undefined {
  if (status >= 500) return `answered with status ${status}`;
  return isTokenRefusal(status) ? 'refused the internal token' : undefined;
}

/** True when the subgraph refused the internal token. The client's own token was accepted by then. */
export const isTokenRefusal = (status: number): boolean => status === 401 || status === 403;

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

function maskUnlessForClient(error: GraphQLFormattedError, exposeReasons: boolean): GraphQLFormattedError {
  const { code, reason, stacktrace } = error.extensions ?? {};
  if (clientCodes.has(code)) return error;
  const kept = exposeReasons ? { reason: reason ?? error.message, stacktrace: stacktrace ?? [] } : {};
  return { ...error, extensions: { code: maskedCode, ...kept } };
}
