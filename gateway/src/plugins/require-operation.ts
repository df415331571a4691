import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** Says that a document's operation must be named, before `@apollo/gateway` fails on it with an error without a code. */
export function requireOperation(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request }) {
          if (operation !== undefined) return;
          const message =
            request.operationName == null
              ? 'Give operationName: the document has more than one operation, or none.'
              : 'The document has no operation of this operationName.';
          throw new GraphQLError(message, {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
          });
        },
      };
    },
  };
}
