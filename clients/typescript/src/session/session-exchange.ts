import { makeErrorResult, makeOperation, type Exchange, type Operation, type OperationResult } from '@urql/core';
import { filter, fromPromise, fromValue, makeSubject, merge, mergeMap, pipe, share } from 'wonka';
import { ownError, SessionEndedError, ShopError } from '../errors.ts';
import { untilStopped } from '../transport/until-stopped.ts';
import { sessionIdOf } from './session-id.ts';
import type { Session } from './session.ts';
import type { Tokens } from './tokens.ts';

/** What the exchange reads and writes in an operation's context. */
export interface SessionContext {
  /** Sent without a token. */
  readonly anonymous?: boolean;
  /** The tokens with which the request began; null where nobody was signed in. */
  readonly first?: Tokens | null;
  /** Those that this attempt is sent with. */
  readonly tokens?: Tokens;
  /** Those that the server has refused, to be replaced. */
  readonly refused?: Tokens | undefined;
  /** Whether this attempt has new tokens already. */
  readonly isRenewed?: boolean;
}

const contextOf = ({ context }: Operation): SessionContext => context as SessionContext;

const withContext = (operation: Operation, context: SessionContext & Partial<Operation['context']>): Operation =>
  makeOperation(operation.kind, operation, { ...operation.context, ...context } as Operation['context']);

/**
 * Sends all attempts of one request in the session in which it began: who signs in meanwhile does not finish what somebody
 * else has begun. An access token that the server does not take is replaced, and the attempt made once more: the refusal
 * came before anything was done, so that this is safe for every operation.
 */
export const sessionExchange =
  (session: Session): Exchange =>
  ({ forward }) =>
  (operations$) => {
    const again = makeSubject<Operation>();
    const authorized$ = pipe(
      merge([operations$, again.source]),
      mergeMap((operation) =>
        operation.kind === 'teardown' || contextOf(operation).anonymous === true
          ? fromValue<Operation | OperationResult>(operation)
          : pipe(fromPromise(authorize(operation, session)), untilStopped(operations$, operation)),
      ),
      share,
    );
    const results$ = pipe(
      authorized$,
      filter((outcome): outcome is Operation => !isResult(outcome)),
      forward,
      filter(({ operation, error }) => {
        const { tokens, isRenewed } = contextOf(operation);
        if ((error?.response as Response | undefined)?.status !== 401 || tokens === undefined || isRenewed === true)
          return true;
        again.next(withContext(operation, { refused: tokens }));
        return false;
      }),
    );
    return merge([results$, pipe(authorized$, filter(isResult))]);
  };

const isResult = (outcome: Operation | OperationResult): outcome is OperationResult => 'operation' in outcome;

/** The operation with its session's token, or the result that it has where there is none. */
async function authorize(operation: Operation, session: Session): Promise<Operation | OperationResult> {
  const { first: began, refused } = contextOf(operation);
  try {
    if (began === null) return operation;
    const tokens = refused === undefined ? await session.current() : await session.renew(refused);
    const first = began === undefined ? tokens : began;
    if (first === null) return withContext(operation, { first });
    if (tokens === null || sessionIdOf(tokens.accessToken) !== sessionIdOf(first.accessToken))
      throw new SessionEndedError();
    const fetchOptions = { headers: { authorization: `Bearer ${tokens.accessToken}` } };
    return withContext(operation, {
      first,
      tokens,
      refused: undefined,
      isRenewed: refused !== undefined,
      fetchOptions,
    });
  } catch (error) {
    return makeErrorResult(operation, error instanceof ShopError ? ownError(error) : (error as Error));
  }
}
