import { encodeCursor } from './cursor.ts';
import type { Page } from './parse-page.ts';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<Node> {
  /** Most clients ask for the nodes alone. */
  readonly edges: () => readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
}

/**
 * Builds a Relay connection. A given cursor counts as proof that there are more rows on its side.
 *
 * @param rows up to `page.limit + 1` rows in reading order, which for `backward` is the opposite of the list's order
 * @param toCursorParts returns the sort key of a row
 */
export function buildConnection<Row>(
  rows: readonly Row[],
  page: Page,
  toCursorParts: (row: Row) => readonly string[],
): Connection<Row> {
  const hasMore = rows.length > page.limit;
  const kept = rows.slice(0, page.limit);
  const nodes = page.direction === 'forward' ? kept : kept.reverse();
  const toCursor = (node: Row): string => encodeCursor(toCursorParts(node));
  const [first, last] = [nodes[0], nodes.at(-1)];
  return {
    edges: () => nodes.map((node) => ({ cursor: toCursor(node), node })),
    nodes,
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? hasMore : page.before !== undefined,
      hasPreviousPage: page.direction === 'backward' ? hasMore : page.after !== undefined,
      startCursor: first === undefined ? null : toCursor(first),
      endCursor: last === undefined ? null : toCursor(last),
    },
  };
}
