import type { Database } from './database.ts';

/** Number of random pages of the table to sample: about 500 products. */
const SAMPLED_PAGES = 50;

/** In a smaller catalogue the index on words is as fast as a sample. The size is PostgreSQL's estimate, which autovacuum maintains. */
export const MIN_CATALOGUE = 20_000;

/** SQL for the table `catalogue` with one row: the number of products, and the percentage of the pages that a sample reads. */
export const selectCatalogue = `catalogue AS MATERIALIZED (
  SELECT reltuples::float8 AS size, least(100, 100.0 * ${SAMPLED_PAGES} / greatest(relpages, 1)) AS percent
    FROM pg_class WHERE oid = 'products'::regclass)`;

/** SQL for a random sample of the products as the table `p`. It is the same one each time. */
export const sampledProducts = 'products p TABLESAMPLE SYSTEM ((SELECT percent FROM catalogue)) REPEATABLE (1)';

/** How long the size of a catalogue is believed. It decides only how fast a search is. */
const REMEMBERED_MS = 60_000;
const remembered = new WeakMap<Database, { readonly isLarge: Promise<boolean>; readonly until: number }>();

/** Returns whether the catalogue was large when the database was last asked, a minute ago at most. */
export function isLarge(database: Database): Promise<boolean> {
  const known = remembered.get(database);
  if (known !== undefined && known.until > performance.now()) return known.isLarge;
  const answer = askSize(database).then((size) => size >= MIN_CATALOGUE);
  remembered.set(database, { isLarge: answer, until: performance.now() + REMEMBERED_MS });
  answer.catch(() => remembered.delete(database));
  return answer;
}

async function askSize({ lists }: Database): Promise<number> {
  const [row] = await lists.query<{ size: number }>(`WITH ${selectCatalogue} SELECT size FROM catalogue`, []);
  return row?.size ?? 0;
}
