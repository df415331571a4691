/** Number of random pages of the table to sample: about 700 products. */
const SAMPLED_PAGES = 100;

/** In a smaller catalogue the index on words is as fast as a sample. The size is PostgreSQL's estimate, which autovacuum maintains. */
export const MIN_CATALOGUE = 20_000;

/** SQL for the table `catalogue` with one row: the number of products, and the percentage of the pages that a sample reads. */
export const selectCatalogue = `catalogue AS MATERIALIZED (
  SELECT reltuples::float8 AS size, least(100, 100.0 * ${SAMPLED_PAGES} / greatest(relpages, 1)) AS percent
    FROM pg_class WHERE oid = 'products'::regclass)`;

/** SQL for a random sample of the products as the table `p`. It is the same one each time. */
export const sampledProducts = 'products p TABLESAMPLE SYSTEM ((SELECT percent FROM catalogue)) REPEATABLE (1)';
