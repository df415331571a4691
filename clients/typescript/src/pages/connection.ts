/** A page of a list: the shape of every connection of the graph. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export type Direction = 'forward' | 'backward';

export function createPageVariables(direction: Direction, size: number, cursor: string | null): object {
  return direction === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor };
}

/**
 * The cursor of the next page; null at the end of the list.
 *
 * @throws TypeError when the server claims a next page without a new cursor: asking again would never end
 */
export function findNextCursor(
  { pageInfo }: Connection<unknown>,
  direction: Direction,
  cursor: string | null,
): string | null {
  const isForward = direction === 'forward';
  if (!(isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return null;
  const next = isForward ? pageInfo.endCursor : pageInfo.startCursor;
  if (next === null || next === cursor) {
    throw new TypeError(`The server promises another page after cursor ${String(cursor)} but gives no new cursor.`);
  }
  return next;
}
