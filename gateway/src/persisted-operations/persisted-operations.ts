import type { ApolloServerPlugin, BaseContext, GraphQLRequest } from '@apollo/server';
import { requestIdHeader, type Logger } from '@shop/process';
import { GraphQLError } from 'graphql';
import { freeTextHeader } from './free-text-header.ts';
import { isIntrospection } from './is-introspection.ts';
import { identify, type Identified } from './identify.ts';
import { createUnlistedLog } from './log-unlisted.ts';
import type { Manifest } from './read-manifests.ts';

/** What stands in for an operation that is refused until a hook comes that may refuse it: its text is not even parsed. */
const nothing = '{ __typename }';

/**
 * Serves operations of a manifest by their ids. `log` also serves all others and tells of each once; `enforce` refuses them, but
 * for introspection and what the developers' pages send, where this is not production.
 */
export function persistedOperations(options: {
  mode: 'log' | 'enforce';
  manifest: Manifest;
  isProduction: boolean;
  maxTokens: number;
  logger: Logger;
}): ApolloServerPlugin<BaseContext> {
  const { mode, manifest, isProduction, maxTokens, logger } = options;
  const logUnlisted = createUnlistedLog(logger);

  function isAllowed(body: string, request: GraphQLRequest): boolean {
    if (mode === 'log') return true;
    return !isProduction && (request.http?.headers.has(freeTextHeader) === true || isIntrospection(body, maxTokens));
  }

  function decide(request: GraphQLRequest): Identified {
    const found = identify(request.query, request.extensions?.['persistedQuery'], {
      manifest,
      isClosed: mode === 'enforce',
    });
    return found.kind !== 'free text' || isAllowed(found.body, request)
      ? found
      : { kind: 'refused', error: notListed() };
  }

  return {
    async requestDidStart({ request }) {
      const found = decide(request);
      // Without it Apollo Server would look for a cache of its own, which clients could fill.
      const { persistedQuery: _persistedQuery, ...extensions } = request.extensions ?? {};
      request.extensions = extensions;
      if (found.kind === 'nothing') return;
      if (found.kind === 'refused') {
        request.query = nothing;
        delete request.operationName;
        return {
          // Of what comes earlier, an error would count as a fault of ours.
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

function notListed(): GraphQLError {
  return new GraphQLError(
    'This gateway answers persisted operations only. Send extensions.persistedQuery with the id of one; a new operation must first be in the manifest that the gateway is given.',
    { extensions: { code: 'QUERY_NOT_IN_SAFELIST', http: { status: 400 } } },
  );
}
