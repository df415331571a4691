import { isTransientDatabaseError } from '@shop/messaging';
import { readSqlState } from './transact.ts';

type SharedWork<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Error)[]>;

/** For `coalesce`: when PostgreSQL rejects the data of a shared statement, each item is tried on its own, so that one fails alone. */
export function aloneWhenRefused<Item, Result>(work: SharedWork<Item, Result>): SharedWork<Item, Result> {
  return async (items) => {
    try {
      return await work(items);
    } catch (error) {
      if (items.length === 1 || !isRefusal(error)) throw error;
    }
    const results: (Result | Error)[] = [];
    for (const item of items) results.push(...(await work([item]).catch((error: Error) => [error])));
    return results;
  };
}

const QUERY_CANCELED = '57014';

/** Returns whether PostgreSQL rejected the data. If it is unavailable instead, another attempt with less would not help. */
function isRefusal(error: unknown): boolean {
  const sqlState = readSqlState(error);
  return sqlState !== undefined && sqlState !== QUERY_CANCELED && !isTransientDatabaseError(error);
}
