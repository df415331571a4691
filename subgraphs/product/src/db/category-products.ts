import { type CountLimit, selectCount } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { ProductOrder } from '../domain/product-order.ts';
import type { Database } from './database.ts';
import { listProductsByCategory, type ProductPage } from './product-list.ts';
import type { ListedProduct } from './product-rows.ts';

/** A page of the products of one category. */
export interface CategoryPage {
  readonly slug: string;
  readonly order: ProductOrder;
  readonly page: ProductPage;
}

/** Loads the same page for any number of categories in one statement, as `categories { products }` needs. */
export function createCategoryPageLoader(database: Database) {
  return new DataLoader<CategoryPage, ListedProduct[], string>(
    async (wanted) => {
      const kinds = new Map(wanted.map((each) => [createPageKey(each), each]));
      const pages = new Map<string, Map<string, ListedProduct[]>>();
      for (const [kind, { order, page }] of kinds) {
        const slugs = wanted.filter((each) => createPageKey(each) === kind).map(({ slug }) => slug);
        pages.set(kind, await listProductsByCategory(database, slugs, order, page));
      }
      return wanted.map((each) => pages.get(createPageKey(each))?.get(each.slug) ?? []);
    },
    { cacheKeyFn: (each) => each.slug + createPageKey(each) },
  );
}

/** A count of the products of one category. */
export interface CategoryCount {
  readonly slug: string;
  readonly limit: CountLimit;
}

const below = `WITH RECURSIVE below AS (
  SELECT slug AS root, id FROM categories WHERE slug = ANY($1::text[])
  UNION SELECT below.root, c.id FROM categories c JOIN below ON c.parent_id = below.id
)`;
// Each category is counted once, also when it is below several others.
const selectAllCounts = `${below}, counts AS MATERIALIZED (
    SELECT category_id AS id, count(*) AS count FROM products
     WHERE on_sale AND category_id = ANY(ARRAY(SELECT id FROM below)) GROUP BY category_id
  )
  SELECT root, sum(count)::int AS count FROM below JOIN counts USING (id) GROUP BY root`;

/** SQL that stops counting the products of each requested category at the limit. */
function selectCountsUpTo(limit: number): string {
  const products = `SELECT FROM products p
    WHERE p.on_sale AND p.category_id = ANY(ARRAY(SELECT id FROM below WHERE below.root = wanted.root))`;
  return `${below} SELECT wanted.root, found.count FROM (SELECT DISTINCT root FROM below) AS wanted
    CROSS JOIN LATERAL (${selectCount(products, limit)}) AS found`;
}

/** Counts the products on sale in any number of categories and those below them, each by its slug, in one statement for each limit. */
export function createCategoryCountLoader({ lists }: Database) {
  return new DataLoader<CategoryCount, number, string>(
    async (wanted) => {
      const limits = [...new Set(wanted.map(({ limit }) => limit))];
      const counts = new Map<string, number>();
      for (const limit of limits) {
        const slugs = wanted.filter((each) => each.limit === limit).map(({ slug }) => slug);
        const text = limit === null ? selectAllCounts : selectCountsUpTo(limit);
        const rows = await lists.query<{ root: string; count: number }>(text, [slugs]);
        for (const { root, count } of rows) counts.set(createCountKey({ slug: root, limit }), count);
      }
      return wanted.map((each) => counts.get(createCountKey(each)) ?? 0);
    },
    { cacheKeyFn: createCountKey },
  );
}

const createCountKey = ({ slug, limit }: CategoryCount) => `${slug} ${limit}`;
const createPageKey = ({ order, page }: CategoryPage) => JSON.stringify([order, page]);
