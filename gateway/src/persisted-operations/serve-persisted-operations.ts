import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { createCodedError } from '@shop/graphql';
import { requestIdHeader, type Logger } from '@shop/process';
import type { GatewayContext } from '../context.ts';
import { freeTextHeader } from './free-text-header.ts';
import { identify, type Identified } from './identify.ts';
import { isIntrospectionDocument } from './is-introspection-document.ts';
import { createUnlistedLog } from './log-unlisted.ts';
import type { Manifest } from './read-manifests.ts';

/** Replaces the text of a rejected operation, so that the text is not parsed before a later hook rejects the request. */
const placeholder = '{ __typename }';

/**
 * Serves operations of a manifest by their ids. `log` also serves other operations and logs each of them once. `enforce`
 * rejects them, except for introspection and the developers' pages outside production.
 */
export function servePersistedOperations(options: {
  mode: 'log' | 'enforce';
  manifest: Manifest;
  isProduction: boolean;
  maxTokens: number;
  logger: Logger;
}): ApolloServerPlugin<GatewayContext> {
  const { mode, manifest, isProduction, maxTokens, logger } = options;
  const logUnlisted = createUnlistedLog(logger);

  function isAllowed(body: string, request: GraphQLRequest): boolean {
    if (mode === 'log') return true;
    if (isProduction) return false;
    return request.http?.headers.has(freeTextHeader) === true || isIntrospectionDocument(body, maxTokens);
  }

  function decide(request: GraphQLRequest): Identified {
    const found = identify(request.query, request.extensions?.['persistedQuery'], {
      manifest,
      isClosed: mode === 'enforce',
    });
    if (found.kind !== 'unlisted' || isAllowed(found.body, request)) return found;
    return { kind: 'rejected', error: createCodedError('QUERY_NOT_IN_SAFELIST', { setsStatus: true }) };
  }

  return {
    async requestDidStart({ request, contextValue }) {
      if (contextValue.isOwnOperation === true) return;
      const found = decide(request);
      // If it stayed, Apollo Server would look in its own cache, which clients could fill.
      const { persistedQuery: _persistedQuery, ...extensions } = request.extensions ?? {};
      request.extensions = extensions;
      if (found.kind === 'nothing') return;
      if (found.kind === 'rejected') {
        request.query = placeholder;
        delete request.operationName;
        return {
          // An error of an earlier hook would count as an unexpected one.
          async didResolveOperation() {
            throw found.error;
          },
        };
      }
      request.query = found.body;
      if (found.kind === 'listed') return;
      return {
        async didResolveOperation({ operationName }) {
          if (mode !== 'log') return;
          logUnlisted({
            id: found.id,
            operationName: operationName?.slice(0, 200),
            requestId: request.http?.headers.get(requestIdHeader),
          });
        },
      };
    },
  };
}
