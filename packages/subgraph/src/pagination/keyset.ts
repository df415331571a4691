import { defaultPageSize } from '@shop/graphql';
import type { SqlExecutor } from '@shop/messaging';
import type { AnyDatabase } from '../database/database.ts';
import type { Bind } from '../database/sql-parts.ts';
import type { Page } from './parse-page.ts';

export type Sense = 'ASC' | 'DESC';

/** The direction in which a page is read, of a list that is sorted in the direction `list`. */
export function senseOf({ direction }: Pick<Page, 'direction'>, list: Sense): Sense {
  return (direction === 'forward') === (list === 'ASC') ? 'ASC' : 'DESC';
}

/**
 * SQL condition: the row is beyond the cursor of the page. `true` without a cursor.
 *
 * @param page its cursor is a time, and an id that breaks ties
 * @param columns the SQL of both
 */
export function isBeyondCursor(
  page: Page<readonly [at: string, id: string]>,
  columns: readonly [at: string, id: string],
  list: Sense,
  bind: Bind,
): string {
  const cursor = page.direction === 'forward' ? page.after : page.before;
  if (cursor === undefined) return 'true';
  const sign = senseOf(page, list) === 'ASC' ? '>' : '<';
  return `(${columns.join(', ')}) ${sign} (${bind(cursor[0], 'timestamptz')}, ${bind(cursor[1], 'uuid')})`;
}

/** Groups the rows of several lists by their parent, in their order. Every parent has a list. */
export function groupByParent<Row>(
  parents: readonly string[],
  rows: readonly Row[],
  parentOf: (row: Row) => string,
): Map<string, Row[]> {
  const lists = new Map(parents.map((id): [string, Row[]] => [id, []]));
  for (const row of rows) lists.get(parentOf(row))?.push(row);
  return lists;
}

/** SQL that ends a page. It is no value of the statement, since the plan of a prepared one would expect a tenth of all rows. */
export const limitRows = ({ limit }: Pick<Page, 'limit'>): string => `LIMIT ${limit + 1}`;

/**
 * Chooses how a page is read. When it has the usual size, and one plan whatever its values are, its statement may be prepared: to plan it
 * takes as long as to run it.
 */
export const pageReader = ({ reads, lists }: Reads, { limit }: Pick<Page, 'limit'>, hasOnePlan: boolean): SqlExecutor =>
  hasOnePlan && limit === defaultPageSize ? reads : lists;

type Reads = Pick<AnyDatabase, 'reads' | 'lists'>;
