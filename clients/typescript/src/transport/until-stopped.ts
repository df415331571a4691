import type { Operation } from '@urql/core';
import { filter, takeUntil, type Source } from 'wonka';

/** What is made of an operation, until nobody waits for it any more. */
export function untilStopped<Value>(
  operations$: Source<Operation>,
  { key }: Operation,
): (values: Source<Value>) => Source<Value> {
  return takeUntil(
    filter<Operation>((operation) => operation.kind === 'teardown' && operation.key === key)(operations$),
  );
}
