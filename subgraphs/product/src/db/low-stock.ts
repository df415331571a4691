import { type CountLimit, type Page, selectCount } from '@shop/subgraph';
import type { Database } from './database.ts';
import { productColumns, toListedProducts, type ListedProduct, type ListedRow } from './product-rows.ts';

// The expression must be the one in the index, or the index is not used.
const available = '(s.on_hand - s.reserved)';

/** Lists products on sale with at most `threshold` units available, fewest first. Returns one row more than a page. */
export async function listLowStock(
  { lists }: Database,
  threshold: number,
  page: Page<readonly [available: string, productId: string]>,
): Promise<ListedProduct[]> {
  const rows = await lists.query<ListedRow>(
    `SELECT ${productColumns}, ${available} AS "sortKey"
       FROM stocks s JOIN products p ON p.id = s.product_id
      WHERE p.on_sale AND ${available} <= $1::int ${page.after ? `AND (${available}, s.product_id) > ($3::int, $4::uuid)` : ''}
      ORDER BY ${available}, s.product_id
      LIMIT $2::int`,
    [threshold, page.limit + 1, ...(page.after ?? [])],
  );
  return toListedProducts(rows);
}

/** Counts products on sale with at most `threshold` units available, up to the limit. */
export async function countLowStock({ lists }: Database, threshold: number, limit: CountLimit): Promise<number> {
  const [row] = await lists.query<{ count: number }>(
    selectCount(
      `SELECT FROM stocks s JOIN products p ON p.id = s.product_id WHERE p.on_sale AND ${available} <= $1::int`,
      limit,
    ),
    [threshold],
  );
  return row?.count ?? 0;
}
