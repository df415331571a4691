import { makeOperation, type Exchange, type Operation, type OperationContext, type OperationResult } from '@urql/core';
import { filter, make, makeSubject, merge, mergeMap, pipe, type Source } from 'wonka';
import { findError, readRetryAfterMs } from '../transport/read-result.ts';
import { untilTeardown } from '../transport/until-teardown.ts';
import { isTransient } from './is-transient.ts';

export interface RetryOptions {
  /** The maximum number of attempts, including the first; 1 never retries. Default 4. */
  readonly attempts?: number;
  /** The pause before the second attempt, in milliseconds. It doubles each time; up to half of it is taken off at random. Default 250. */
  readonly firstMs?: number;
  /** The longest pause, in milliseconds. When the server asks for a longer one, the client gives up. Default 10,000. */
  readonly longestMs?: number;
}

/** The members of an operation's context that this exchange reads and writes. */
export interface RetryContext extends Partial<OperationContext> {
  /** True when the operation may be sent twice. */
  readonly isRepeatable?: boolean;
  /** True when the caller cannot use partial data. */
  readonly wantsWholeData?: boolean;
  /** The number of attempts before this one, and the pause before this one. */
  readonly retried?: { readonly times: number; readonly pauseMs: number };
}

/** Sends an operation until it succeeds or fails for good. */
export function retryExchange({ attempts = 4, firstMs = 250, longestMs = 10_000 }: RetryOptions): Exchange {
  /** The operation to send again; undefined when a retry is useless or unsafe. */
  const findRetry = (result: OperationResult): Operation | undefined => {
    const { operation, error } = result;
    const { isRepeatable, wantsWholeData = false, retried }: RetryContext = operation.context;
    const times = (retried?.times ?? 0) + 1;
    const retryAfterMs = readRetryAfterMs(error) ?? 0;
    const mayRetry = isRepeatable === true && times < attempts && retryAfterMs <= longestMs;
    if (!mayRetry || !isTransient(findError(result), wantsWholeData)) {
      return undefined;
    }
    const backoff = Math.min(longestMs, firstMs * 2 ** (times - 1)) * (0.5 + Math.random() / 2);
    const context: RetryContext = { retried: { times, pauseMs: Math.max(backoff, retryAfterMs) } };
    return makeOperation(operation.kind, operation, { ...operation.context, ...context });
  };

  return ({ forward }) =>
    (operations$) => {
      const again = makeSubject<Operation>();
      const again$ = pipe(
        again.source,
        mergeMap((operation) => pipe(delay(operation), untilTeardown(operations$, operation))),
      );
      return pipe(
        forward(merge([operations$, again$])),
        filter((result) => {
          const retry = findRetry(result);
          if (retry !== undefined) again.next(retry);
          return retry === undefined;
        }),
      );
    };
}

/** Emits the operation after its pause. */
function delay(operation: Operation): Source<Operation> {
  const { retried }: RetryContext = operation.context;
  return make(({ next, complete }) => {
    const timer = setTimeout(() => {
      next(operation);
      complete();
    }, retried?.pauseMs);
    return () => clearTimeout(timer);
  });
}
