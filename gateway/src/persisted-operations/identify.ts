import { HeaderMap } from '@apollo/server';
import { createCodedError } from '@shop/graphql';
import { errorCodes, type ErrorCode } from '@shop/process';
import type { GraphQLError } from 'graphql';
import { hashOperation, type Manifest } from './read-manifests.ts';

/** The operation that a request asks to execute. */
export type Identified =
  | { readonly kind: 'listed'; readonly body: string }
  | { readonly kind: 'unlisted'; readonly body: string; readonly id: string }
  /** The request has neither a text nor an id. Apollo Server rejects it. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'rejected'; readonly error: GraphQLError };

/**
 * Finds the operation of a request by its id, its text, or both.
 *
 * @param persistedQuery `extensions.persistedQuery`, which may be anything
 * @param options.isClosed true when a text that is not in the manifest is rejected, so that sending it is useless
 */
export function identify(
  query: string | undefined,
  persistedQuery: unknown,
  options: { manifest: Manifest; isClosed: boolean },
): Identified {
  const { manifest, isClosed } = options;
  if (persistedQuery == null) return query ? findByText(query, manifest) : { kind: 'nothing' };

  const id = readId(persistedQuery);
  if (id === undefined) {
    return reject(
      'BAD_REQUEST',
      'extensions.persistedQuery is malformed. Send { version: 1, sha256Hash }, with a SHA-256 in lower-case hexadecimal.',
    );
  }
  if (query) {
    if (hashOperation(query) !== id)
      return reject('BAD_REQUEST', 'extensions.persistedQuery.sha256Hash is not the SHA-256 of the query.');
    return findByText(query, manifest);
  }
  const listed = manifest.get(id);
  if (listed !== undefined) return { kind: 'listed', body: listed.body };
  // Clients recognise PERSISTED_QUERY_NOT_FOUND, and then send the text.
  return reject(isClosed ? 'PERSISTED_QUERY_NOT_IN_LIST' : 'PERSISTED_QUERY_NOT_FOUND');
}

function findByText(body: string, manifest: Manifest): Identified {
  const id = hashOperation(body);
  return manifest.has(id) ? { kind: 'listed', body } : { kind: 'unlisted', body, id };
}

function readId(persistedQuery: unknown): string | undefined {
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  const isId = version === 1 && typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash);
  return isId ? sha256Hash : undefined;
}

function reject(code: ErrorCode, message?: string): Identified {
  // An operation that is not in the manifest today may be added tomorrow.
  const headers = new HeaderMap([['cache-control', 'private, no-cache, must-revalidate']]);
  const { status } = errorCodes[code];
  return { kind: 'rejected', error: createCodedError(code, { message, extensions: { http: { status, headers } } }) };
}
