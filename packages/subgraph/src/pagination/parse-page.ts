import type { z } from 'zod';
import { badUserInput, defaultPageSize, maxPageSize } from '@shop/graphql';
import { decodeCursor } from './cursor.ts';

/** A connection's arguments as received. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** One page to read. Read one row more than `limit` to find out whether there are more. */
export interface Page<Cursor extends readonly string[] = readonly string[]> {
  readonly limit: number;
  /** `backward`: rows are read in the opposite order, from `before` or the end. */
  readonly direction: 'forward' | 'backward';
  readonly after?: Cursor;
  readonly before?: Cursor;
}

/**
 * @param cursor checks the parts of a cursor, so that a forged one or one of another list never reaches a query
 * @param order the parts before those, which name the order of the list: a cursor of another one is refused. Default: none.
 * @throws GraphQLError BAD_USER_INPUT for a size outside 1 to 100, a bad cursor, or both directions at once
 */
export function parsePage<Cursor extends readonly string[] = readonly string[]>(
  { first, after, last, before }: PageArguments,
  cursor?: z.ZodType<Cursor>,
  order: readonly string[] = [],
): Page<Cursor> {
  if (first != null && last != null) throw badUserInput('Give first or last, not both.');
  const direction = last != null || (first == null && before != null) ? 'backward' : 'forward';
  if (direction === 'forward' && before != null) throw badUserInput('before goes with last, not with first.');
  if (direction === 'backward' && after != null) throw badUserInput('after goes with first, not with last or before.');

  const limit = (direction === 'forward' ? first : last) ?? defaultPageSize;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPageSize) {
    throw badUserInput(`${direction === 'forward' ? 'first' : 'last'} must be from 1 to ${maxPageSize}.`);
  }
  return {
    limit,
    direction,
    ...(after != null ? { after: parseCursor(after, cursor, order) } : {}),
    ...(before != null ? { before: parseCursor(before, cursor, order) } : {}),
  };
}

function parseCursor<Cursor extends readonly string[]>(
  text: string,
  schema: z.ZodType<Cursor> | undefined,
  order: readonly string[],
): Cursor {
  const parts = decodeCursor(text);
  const isOfOrder = order.every((part, index) => parts[index] === part);
  const own = parts.slice(order.length);
  if (isOfOrder && schema === undefined) return own as readonly string[] as Cursor;
  const parsed = isOfOrder ? schema?.safeParse(own) : undefined;
  if (parsed?.success !== true) throw badUserInput('The cursor is not one of this list.');
  return parsed.data;
}
