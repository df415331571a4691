import { parseArgs } from 'node:util';

export interface CatalogueOptions {
  /** Numbers of products, ascending. */
  readonly sizes: readonly number[];
  /** Measured seconds of each kind of query at each size. */
  readonly seconds: number;
  /** Only the kinds of query whose name contains one of these texts. */
  readonly only: readonly string[];
  /** True to print the SQL statements of one request of each kind. */
  readonly showSql: boolean;
  /** True for the whole benchmark. Only its results are written into the documentation. */
  readonly isComplete: boolean;
}

const COMPLETE = { sizes: [1_000, 10_000, 100_000], seconds: 3 } as const;

/**
 * Reads `--sizes 1000,10000`, `--seconds 1`, `--only search,id` and `--sql`. @throws Error that explains the invalid
 * option
 */
export function readOptions(args: readonly string[]): CatalogueOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      sql: { type: 'boolean' },
    },
  });
  const sizes =
    values.sizes
      ?.split(',')
      .map(Number)
      .sort((a, b) => a - b) ?? COMPLETE.sizes;
  const seconds = Number(values.seconds ?? COMPLETE.seconds);
  if (!sizes.every((size) => Number.isInteger(size) && size >= 100 && size <= 1_000_000)) {
    throw new Error('--sizes takes numbers from 100 to 1000000, separated by commas.');
  }
  if (!(seconds > 0 && seconds <= 60)) throw new Error('--seconds takes a number above 0, 60 at most.');
  const only = values.only?.split(',') ?? [''];
  const showSql = values.sql ?? false;
  return {
    sizes,
    seconds,
    only,
    showSql,
    isComplete: values.sizes === undefined && values.only === undefined && seconds >= COMPLETE.seconds,
  };
}
