import type { Connection } from './connection.ts';

export type Direction = 'forward' | 'backward';

export function pageArguments(direction: Direction, size: number, cursor: string | null): object {
  return direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor };
}

/** Null at the end. @throws TypeError rather than to ask for the same page for ever */
export function nextCursor(
  { pageInfo }: Connection<unknown>,
  direction: Direction,
  cursor: string | null,
): string | null {
  const isForward = direction === 'forward';
  if (!(isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return null;
  const next = isForward ? pageInfo.endCursor : pageInfo.startCursor;
  if (next === null || next === cursor) throw new TypeError('The list is said to go on, and its cursor does not.');
  return next;
}
