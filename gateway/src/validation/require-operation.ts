import { createCodedError } from '@shop/graphql';
import type { Stage } from '../stage.ts';

/**
 * Rejects a document whose operation is not clear, or that the schema cannot execute. Otherwise `@apollo/gateway` fails on it with
 * an error without a code. An empty name counts as none: tools send it.
 */
export function requireOperation(): Pick<Stage, 'check' | 'plugin'> {
  return {
    plugin: {
      async requestDidStart({ request }) {
        if (request.operationName === '') delete (request as { operationName?: string }).operationName;
      },
    },
    check({ operation, operationName, schema }) {
      if (operation === undefined) throw rejected(describeMissing(operationName));
      if (schema.getRootType(operation.operation) == null)
        throw rejected(`The schema has no operations of the type ${operation.operation}.`);
    },
  };
}

function rejected(message: string) {
  return createCodedError('OPERATION_RESOLUTION_FAILURE', { message, setsStatus: true });
}

function describeMissing(operationName: string | undefined): string {
  return operationName == null
    ? 'The document does not have exactly one operation. Send operationName.'
    : `The document has no operation of the name "${operationName.slice(0, 200)}".`;
}
