import {
  makeErrorResult,
  makeOperation,
  type Exchange,
  type Operation,
  type OperationContext,
  type OperationResult,
} from '@urql/core';
import { filter, fromPromise, fromValue, makeSubject, merge, mergeMap, pipe, share } from 'wonka';
import { copyError, ShopError } from '../errors.ts';
import { findResponse } from '../transport/read-result.ts';
import { untilTeardown } from '../transport/until-teardown.ts';
import { chooseTokens } from './choose-tokens.ts';
import type { Session } from './session.ts';
import type { Tokens } from './tokens.ts';

/** The members of an operation's context that this exchange reads and writes. */
export interface SessionContext extends Partial<OperationContext> {
  /** The operation is sent without a token. */
  readonly anonymous?: boolean;
  /** The tokens with which the request began; null when nobody was signed in. */
  readonly first?: Tokens | null;
  /** The tokens of this attempt. */
  readonly tokens?: Tokens;
  /** Tokens that the server refused. They are replaced before the next attempt. */
  readonly refused?: Tokens | undefined;
  /** True when this attempt already uses renewed tokens. */
  readonly isRenewed?: boolean;
}

function extendContext(operation: Operation, context: SessionContext): Operation {
  return makeOperation(operation.kind, operation, { ...operation.context, ...context });
}

/**
 * Sends all attempts of one request in the session in which the request began, since another user may sign in in
 * between. When the server rejects the access token, the exchange renews the token and sends the request once more.
 * That is safe for every operation, since the server rejected it before executing it.
 */
export const sessionExchange =
  (session: Session): Exchange =>
  ({ forward }) =>
  (operations$) => {
    const again = makeSubject<Operation>();
    const authorized$ = pipe(
      merge([operations$, again.source]),
      mergeMap((operation) => {
        const { anonymous }: SessionContext = operation.context;
        return operation.kind === 'teardown' || anonymous === true
          ? fromValue<Operation | OperationResult>(operation)
          : pipe(fromPromise(authorize(operation, session)), untilTeardown(operations$, operation));
      }),
      share,
    );
    const results$ = pipe(
      authorized$,
      filter((outcome): outcome is Operation => !isResult(outcome)),
      forward,
      filter(({ operation, error }) => {
        const { tokens, isRenewed }: SessionContext = operation.context;
        if (findResponse(error)?.status !== 401 || tokens === undefined || isRenewed === true) return true;
        again.next(extendContext(operation, { refused: tokens }));
        return false;
      }),
    );
    return merge([results$, pipe(authorized$, filter(isResult))]);
  };

const isResult = (outcome: Operation | OperationResult): outcome is OperationResult => 'operation' in outcome;

/** Adds the session's token to the operation, or returns the error result when there is no usable token. */
async function authorize(operation: Operation, session: Session): Promise<Operation | OperationResult> {
  const { first: began, refused }: SessionContext = operation.context;
  try {
    if (began === null) return operation;
    const tokens = await chooseTokens(session, began, refused);
    if (tokens === null) return extendContext(operation, { first: null });
    return extendContext(operation, {
      first: began ?? tokens,
      tokens,
      refused: undefined,
      isRenewed: refused !== undefined,
      fetchOptions: { headers: { authorization: `Bearer ${tokens.accessToken}` } },
    });
  } catch (error) {
    if (error instanceof ShopError) return makeErrorResult(operation, copyError(error));
    return makeErrorResult(operation, error instanceof Error ? error : new Error(String(error)));
  }
}
