import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { ErrorMasking } from '@shop/graphql';
import { errorCodes, type ErrorCode } from '@shop/process';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { PreparedSubscription, RefusedSubscription } from '../live/live-stream.ts';
import type { RequestedOperation } from './read-operation.ts';

/** The answer to an operation: a subscription that can be opened, or a result. */
export type OperationAnswer =
  | { readonly prepared: PreparedSubscription }
  | {
      readonly prepared?: never;
      readonly status: number;
      readonly headers: ReadonlyMap<string, string>;
      readonly result: FormattedExecutionResult;
    };

/**
 * Runs an operation through the whole pipeline of `/graphql`. A subscription is prepared.
 *
 * @param headers the headers of the client's request that the pipeline reads
 * @throws Error that was logged and that a client must not see
 */
export async function runOperation(
  apollo: ApolloServer<GatewayContext>,
  operation: RequestedOperation,
  context: GatewayContext,
  headers: Iterable<readonly [string, string]>,
): Promise<OperationAnswer> {
  // Apollo Server copies the context and keeps this object.
  const subscribing: NonNullable<GatewayContext['subscribing']> = {};
  const { query, operationName, variables, extensions } = operation;
  const { body, http } = await apollo.executeOperation(
    {
      ...(query === undefined ? {} : { query }),
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables === undefined ? {} : { variables }),
      ...(extensions === undefined ? {} : { extensions }),
      // The rule that a GET is a query was checked before: it is about requests whose answer is no stream.
      http: { method: 'POST', headers: new HeaderMap(headers), search: '', body: operation },
    },
    { contextValue: { ...context, subscribing } },
  );
  if (subscribing.prepared !== undefined) return { prepared: subscribing.prepared };
  if (body.kind !== 'single') throw new Error('An operation was answered in parts.');
  return { status: http.status ?? 200, headers: http.headers, result: body.singleResult as FormattedExecutionResult };
}

/**
 * Prepares a subscription, with all checks that an operation passes.
 *
 * @throws Error that was logged and that a client must not see
 */
export async function prepareSubscription(
  ...args: Parameters<typeof runOperation>
): Promise<PreparedSubscription | RefusedSubscription> {
  const answer = await runOperation(...args);
  if (answer.prepared !== undefined) return answer.prepared;
  const { status, headers, result } = answer;
  if (result.errors === undefined) throw new Error('A subscription was executed and not prepared.');
  return { status, headers, errors: result.errors };
}

/** The answer to a subscription that could not be opened. Unexpected errors are logged and masked. */
export function refuse(error: unknown, context: GatewayContext, masking: ErrorMasking): RefusedSubscription {
  const known = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
  const errors = masking.maskErrors([known], { requestId: context.requestId });
  const code = errors[0]?.extensions?.['code'] as ErrorCode;
  return { status: errorCodes[code].status ?? 200, headers: new Map(), errors };
}
