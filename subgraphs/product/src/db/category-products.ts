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
const selectOwnCounts = `${below}, counts AS MATERIALIZED (
    SELECT category_id AS id, count(*)::int AS count FROM products
     WHERE on_sale AND category_id = ANY(ARRAY(SELECT id FROM below WHERE id <> ALL($2::uuid[]))) GROUP BY category_id
  )
  SELECT root, id, count FROM below LEFT JOIN counts USING (id)`;

/** SQL that stops counting the products of each requested category at the limit. */
function selectCountsUpTo(limit: number): string {
  const products = `SELECT FROM products p
    WHERE p.on_sale AND p.category_id = ANY(ARRAY(SELECT id FROM below WHERE below.root = wanted.root))`;
  return `${below} SELECT wanted.root, found.count FROM (SELECT DISTINCT root FROM below) AS wanted
    CROSS JOIN LATERAL (${selectCount(products, limit)}) AS found`;
}

/**
 * Counts the products on sale in any number of categories and those below them, each by its slug, in one statement for each limit. A
 * request counts all products of a category once: the categories of a tree are loaded level by level, and each level contains the next one.
 */
export function createCategoryCountLoader({ lists }: Database) {
  /** The number of products of each category itself, by id. */
  const counted = new Map<string, number>();

  async function countAll(slugs: readonly string[]): Promise<Map<string, number>> {
    const rows = await lists.query<{ root: string; id: string; count: number | null }>(selectOwnCounts, [
      slugs,
      [...counted.keys()],
    ]);
    const totals = new Map<string, number>();
    for (const { root, id, count } of rows) {
      if (!counted.has(id)) counted.set(id, count ?? 0);
      totals.set(root, (totals.get(root) ?? 0) + (counted.get(id) ?? 0));
    }
    return totals;
  }

  async function countUpTo(slugs: readonly string[], limit: number): Promise<Map<string, number>> {
    const rows = await lists.query<{ root: string; count: number }>(selectCountsUpTo(limit), [slugs]);
    return new Map(rows.map(({ root, count }) => [root, count]));
  }

  return new DataLoader<CategoryCount, number, string>(
    async (wanted) => {
      const counts = new Map<CountLimit, Map<string, number>>();
      for (const limit of new Set(wanted.map((each) => each.limit))) {
        const slugs = wanted.filter((each) => each.limit === limit).map(({ slug }) => slug);
        counts.set(limit, limit === null ? await countAll(slugs) : await countUpTo(slugs, limit));
      }
      return wanted.map(({ slug, limit }) => counts.get(limit)?.get(slug) ?? 0);
    },
    { cacheKeyFn: ({ slug, limit }) => `${slug} ${limit}` },
  );
}

const createPageKey = ({ order, page }: CategoryPage) => JSON.stringify([order, page]);
