import { type Bind, sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';
import { conditions, inSubtree, selectSubtree, type ProductCriteria } from './product-criteria.ts';

/** True when the products of a list are counted by what `product_counts` has, so that the count is a sum of few rows. */
export function areCounted({ search, minPrice, maxPrice, ids }: ProductCriteria): boolean {
  return [search, minPrice, maxPrice, ids].every((condition) => condition === undefined);
}

/** SQL for a count of products that {@link areCounted}. The table of the counts has the columns that the conditions read. */
export function selectKeptCount(criteria: ProductCriteria, bind: Bind): string {
  const { category } = criteria;
  const where = [...conditions(criteria, bind), ...(category === undefined ? [] : [inSubtree])].join(' AND ');
  const subtree = category === undefined ? '' : `WITH ${selectSubtree(bind(category, 'text'))}`;
  return `${subtree} SELECT coalesce(sum(p.change), 0)::int AS count FROM product_counts p WHERE ${where}`;
}

/** Counts the products on sale in each of several categories and those below them, by slug. A category that does not exist is missing. */
export async function countByCategory({ lists }: Database, slugs: readonly string[]): Promise<Map<string, number>> {
  const rows = await lists.query<{ root: string; count: number }>(
    `WITH RECURSIVE below AS (
       SELECT slug AS root, id FROM categories WHERE slug = ANY($1::text[])
       UNION SELECT below.root, c.id FROM categories c JOIN below ON c.parent_id = below.id
     ), counts AS MATERIALIZED (
       SELECT category_id, sum(change) AS count FROM product_counts
        WHERE on_sale AND category_id = ANY(ARRAY(SELECT id FROM below)) GROUP BY category_id
     )
     SELECT root, coalesce(sum(count), 0)::int AS count FROM below LEFT JOIN counts ON category_id = id GROUP BY root`,
    [slugs],
  );
  return new Map(rows.map(({ root, count }) => [root, count]));
}

const selectNeed = `SELECT count(*) > 100 + 2 * count(DISTINCT (category_id, on_sale, in_stock)) AS "isNeeded" FROM product_counts`;

// Rows that another replica merges are left out. Readers see the rows of before or those of after.
const mergeRows = `
WITH merged AS (
  DELETE FROM product_counts WHERE id IN (SELECT id FROM product_counts FOR UPDATE SKIP LOCKED)
  RETURNING category_id, on_sale, in_stock, change
)
INSERT INTO product_counts (category_id, on_sale, in_stock, change)
SELECT category_id, on_sale, in_stock, sum(change) FROM merged GROUP BY category_id, on_sale, in_stock HAVING sum(change) <> 0`;

/** Merges the rows of each number into one, when there are many more rows than numbers. */
export async function mergeCounts({ client }: Pick<Database, 'client'>): Promise<void> {
  const sql = sqlOver(client);
  const [row] = await sql.query<{ isNeeded: boolean }>(selectNeed);
  if (row?.isNeeded === true) await sql.query(mergeRows);
}
