import { makeOperation, type Exchange, type Operation, type OperationResult } from '@urql/core';
import { filter, make, makeSubject, merge, mergeMap, pipe, type Source } from 'wonka';
import { errorOf, retryAfterOf } from '../transport/error-of.ts';
import { untilStopped } from '../transport/until-stopped.ts';
import { mayPass } from './may-pass.ts';

export interface RetryOptions {
  /** The first one included; 1 never retries. Default 4. */
  readonly attempts?: number;
  /** Before the second attempt, in milliseconds; doubled each time, with up to half of it taken off by chance. Default 250. */
  readonly firstMs?: number;
  /** The longest pause, in milliseconds. A server that asks for a longer one is not asked again. Default 10,000. */
  readonly longestMs?: number;
}

/** What the exchange reads and writes in an operation's context. */
export interface RetryContext {
  /** Whether it stands being done twice. */
  readonly isRepeatable?: boolean;
  /** Whether partial data is of no use to the caller. */
  readonly wantsWholeData?: boolean;
  /** The attempts before this one, and the pause since. */
  readonly retried?: { readonly times: number; readonly pauseMs: number };
}

/** Sends an operation until it goes well, or fails for good. */
export function retryExchange({ attempts = 4, firstMs = 250, longestMs = 10_000 }: RetryOptions): Exchange {
  /** The operation once more; undefined where that is of no use, or of harm. */
  const next = (result: OperationResult): Operation | undefined => {
    const { operation, error } = result;
    const { isRepeatable, wantsWholeData = false, retried } = operation.context as RetryContext;
    const times = (retried?.times ?? 0) + 1;
    const retryAfterMs = retryAfterOf(error) ?? 0;
    if (
      isRepeatable !== true ||
      times >= attempts ||
      retryAfterMs > longestMs ||
      !mayPass(errorOf(result), wantsWholeData)
    )
      return undefined;
    const backoff = Math.min(longestMs, firstMs * 2 ** (times - 1)) * (0.5 + Math.random() / 2);
    const context: RetryContext = {
      ...operation.context,
      retried: { times, pauseMs: Math.max(backoff, retryAfterMs) },
    };
    return makeOperation(operation.kind, operation, context as Operation['context']);
  };

  return ({ forward }) =>
    (operations$) => {
      const again = makeSubject<Operation>();
      const again$ = pipe(
        again.source,
        mergeMap((operation) => pipe(paused(operation), untilStopped(operations$, operation))),
      );
      return pipe(
        forward(merge([operations$, again$])),
        filter((result) => {
          const operation = next(result);
          if (operation !== undefined) again.next(operation);
          return operation === undefined;
        }),
      );
    };
}

/** The operation when its pause is over. */
function paused(operation: Operation): Source<Operation> {
  return make(({ next, complete }) => {
    const timer = setTimeout(
      () => {
        next(operation);
        complete();
      },
      (operation.context as RetryContext).retried?.pauseMs,
    );
    return () => clearTimeout(timer);
  });
}
