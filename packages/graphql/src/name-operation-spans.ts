import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { GraphQLFormattedError } from 'graphql';

/** Names come from clients. Longer ones are cut. */
const maxNameLength = 80;

/**
 * Names the server span of a request by its operation, and adds the first error's code. It adds neither documents nor variables, since
 * both have values.
 *
 * @param findSpan returns the server span of a request, by its context value
 */
export function nameOperationSpans<Context extends BaseContext>(
  findSpan: (context: Context) => Span | undefined,
): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue }) {
      const span = findSpan(contextValue);
      if (span?.isRecording() !== true) return;
      return {
        async didResolveOperation({ operation, operationName }) {
          if (operation !== undefined) nameSpan(span, operation.operation, operationName ?? undefined);
        },
        async willSendResponse({ response: { body } }) {
          if (body.kind === 'single')
            recordErrors(span, body.singleResult.errors ?? [], body.singleResult.data != null);
        },
      };
    },
  };
}

/** Names a server span by its operation. */
export function nameSpan(span: Span, type: string, operationName: string | undefined): void {
  const name = operationName?.slice(0, maxNameLength);
  span.updateName(name === undefined ? type : `${type} ${name}`);
  span.setAttribute('graphql.operation.type', type);
  if (name !== undefined) span.setAttribute('graphql.operation.name', name);
}

/** Adds the number of errors of an answer to a server span, and the code of the first. */
export function recordErrors(span: Span, errors: readonly GraphQLFormattedError[], hasData: boolean): void {
  if (errors.length === 0) return;
  span.setAttribute('shop.graphql.errors', errors.length);
  span.setAttribute('error.type', String(errors[0]?.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR'));
  if (!hasData) span.setStatus({ code: SpanStatusCode.ERROR });
}
