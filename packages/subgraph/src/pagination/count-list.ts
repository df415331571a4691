/** The largest number that a capped count returns. */
export const MAX_COUNTED = 10_000;

/** A number of items, as far as they were counted. */
export interface CappedCount {
  /** At most {@link MAX_COUNTED}. */
  readonly count: number;
  /** True when there are more. */
  readonly isCapped: boolean;
}

/** The counts of a list. Each is made when it is asked for, and once. */
export interface ListCounts {
  totalCount(): Promise<number>;
  cappedCount(): Promise<CappedCount>;
}

/** The most rows that a count reads. Null: it reads all of them. */
export type CountLimit = number | null;

/** One row more than the cap shows that there are more. */
const CAPPED: CountLimit = MAX_COUNTED + 1;

/**
 * SQL for the number of rows of a `SELECT`, in a column `count`. With a limit it stops reading there, so that a count of a large list costs
 * as much as that of a small one.
 */
export function selectCount(rows: string, limit: CountLimit): string {
  // The limit is a part of the text: PostgreSQL then plans for as many rows.
  return `SELECT count(*)::int AS count FROM (${rows}${limit === null ? '' : ` LIMIT ${limit}`}) AS counted`;
}

/**
 * The counts of one list.
 *
 * @param count returns the number of items, or the limit when there are as many
 */
export function countLazily(count: (limit: CountLimit) => Promise<number>): ListCounts {
  return {
    totalCount: once(() => count(null)),
    cappedCount: once(async () => cap(await count(CAPPED))),
  };
}

/**
 * The counts of the lists of several parents. All parents share the statement of a count.
 *
 * @param count returns the number of items of each parent, or the limit when it has as many. A parent that is missing has none.
 * @returns the counts of a parent
 */
export function countTogether(
  count: (limit: CountLimit) => Promise<ReadonlyMap<string, number>>,
): (parentId: string) => ListCounts {
  const all = once(() => count(null));
  const capped = once(() => count(CAPPED));
  return (parentId) => ({
    totalCount: async () => (await all()).get(parentId) ?? 0,
    cappedCount: async () => cap((await capped()).get(parentId) ?? 0),
  });
}

function cap(count: number): CappedCount {
  return { count: Math.min(count, MAX_COUNTED), isCapped: count > MAX_COUNTED };
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= work());
}
