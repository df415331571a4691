import type { Operation } from '@urql/core';
import { filter, takeUntil, type Source } from 'wonka';

/** Passes values on until the operation is torn down. */
export function untilTeardown<Value>(
  operations$: Source<Operation>,
  { key }: Operation,
): (values: Source<Value>) => Source<Value> {
  return takeUntil(
    filter<Operation>((operation) => operation.kind === 'teardown' && operation.key === key)(operations$),
  );
}
