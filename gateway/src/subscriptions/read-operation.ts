import type { FastifyRequest } from 'fastify';
import { getOperationAST, parse } from 'graphql';
import type { PreparedDocuments } from '../execution/prepared-documents.ts';
import { requestSize } from '../limits/index.ts';
import type { OperationRequest } from '../stage.ts';
import type { Variables } from '../supergraph/index.ts';

/** The parts of a request for one operation. */
export interface RequestedOperation {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Variables | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

const json = /^application\/json\s*(;|$)/i;

/**
 * Reads the operation of a request: a POST of JSON, or a GET.
 *
 * @returns undefined for a request that has another form, which Apollo Server refuses
 */
export function readOperation({ method, headers, body, query }: FastifyRequest): RequestedOperation | undefined {
  if (method === 'POST') return json.test(headers['content-type'] ?? '') ? readParts(body) : undefined;
  if (method !== 'GET') return undefined;
  const { variables, extensions, ...texts } = query as Readonly<Record<string, unknown>>;
  try {
    return readParts({ ...texts, variables: parseJson(variables), extensions: parseJson(extensions) });
  } catch {
    return undefined;
  }
}

/** @returns undefined where a part has the wrong type */
export function readParts(body: unknown): RequestedOperation | undefined {
  if (!isObject(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (query != null && typeof query !== 'string') return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if ((variables != null && !isObject(variables)) || (extensions != null && !isObject(extensions))) return undefined;
  return {
    query: query || undefined,
    operationName: operationName || undefined,
    variables: variables ?? undefined,
    extensions: extensions ?? undefined,
  };
}

/**
 * Tells whether an operation is a subscription. Only a text that has the word is parsed, and no further than the limit of tokens.
 *
 * @returns undefined for a text with the word that cannot be parsed
 */
export function isSubscription(
  { query, operationName, extensions }: RequestedOperation,
  options: {
    readonly findText: (request: OperationRequest) => string | undefined;
    readonly documents: Pick<PreparedDocuments, 'findType'>;
  },
): boolean | undefined {
  const { findText, documents } = options;
  const text = query ?? findText({ query, persistedQuery: extensions?.['persistedQuery'] });
  if (text === undefined || !text.includes('subscription')) return false;
  const known = documents.findType(text, operationName);
  if (known !== undefined) return known === 'subscription';
  try {
    const document = parse(text, { maxTokens: requestSize.maxTokens, noLocation: true });
    return getOperationAST(document, operationName)?.operation === 'subscription';
  } catch {
    return undefined;
  }
}

function parseJson(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
