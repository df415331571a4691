import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { createCodedError } from '@shop/graphql';

/** Rejects a document whose operation is not clear. Otherwise `@apollo/gateway` fails on it with an error without a code. */
export function requireOperation(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request }) {
          if (operation !== undefined) return;
          const message =
            request.operationName == null
              ? 'The document does not have exactly one operation. Send operationName.'
              : `The document has no operation of the name "${request.operationName.slice(0, 200)}".`;
          throw createCodedError('OPERATION_RESOLUTION_FAILURE', { message, setsStatus: true });
        },
      };
    },
  };
}
