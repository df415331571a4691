import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { idOf, type Manifest } from './read-manifests.ts';

/** What a request asks to execute. */
export type Identified =
  | { readonly kind: 'listed'; readonly body: string }
  | { readonly kind: 'free text'; readonly body: string; readonly id: string }
  /** It gives neither a text nor an id, which Apollo Server has words for. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly error: GraphQLError };

/**
 * Finds the operation of a request by its id, its text, or both.
 *
 * @param persistedQuery `extensions.persistedQuery`, which may be anything
 * @param isClosed whether text that is not in the manifest will be refused, so that there is no use in sending it
 */
export function identify(
  query: string | undefined,
  persistedQuery: unknown,
  options: { manifest: Manifest; isClosed: boolean },
): Identified {
  const { manifest, isClosed } = options;
  if (persistedQuery == null) return query ? ofText(query, manifest) : { kind: 'nothing' };

  const id = idGivenIn(persistedQuery);
  if (id === undefined)
    return refused(
      'extensions.persistedQuery must be { version: 1, sha256Hash }, a SHA-256 in lower-case hexadecimal.',
      'BAD_REQUEST',
    );
  if (query) {
    if (idOf(query) !== id)
      return refused('extensions.persistedQuery.sha256Hash is not the SHA-256 of the query.', 'BAD_REQUEST');
    return ofText(query, manifest);
  }
  const listed = manifest.get(id);
  if (listed !== undefined) return { kind: 'listed', body: listed.body };
  if (isClosed) {
    return refused(
      'This gateway knows no persisted operation of this id. Add the operation to the manifest that the gateway is given.',
      'PERSISTED_QUERY_NOT_IN_LIST',
    );
  }
  // By this message clients know that they should send the text.
  return refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND', 200);
}

function ofText(body: string, manifest: Manifest): Identified {
  const id = idOf(body);
  return manifest.has(id) ? { kind: 'listed', body } : { kind: 'free text', body, id };
}

function idGivenIn(persistedQuery: unknown): string | undefined {
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  const isId = version === 1 && typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash);
  return isId ? sha256Hash : undefined;
}

function refused(message: string, code: string, status = 400): Identified {
  // What is not in the manifest today may be in tomorrow's.
  const headers = new HeaderMap([['cache-control', 'private, no-cache, must-revalidate']]);
  return { kind: 'refused', error: new GraphQLError(message, { extensions: { code, http: { status, headers } } }) };
}
