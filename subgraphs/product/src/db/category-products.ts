import type { CountLimit } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { ProductOrder } from '../domain/product-order.ts';
import type { Database } from './database.ts';
import { countByCategory } from './product-counts.ts';
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

/** Counts the products on sale in any number of categories and those below them, each by its slug, in one statement. */
export function createCategoryCountLoader(database: Database) {
  return new DataLoader<CategoryCount, number, string>(
    async (wanted) => {
      const counts = await countByCategory(database, [...new Set(wanted.map(({ slug }) => slug))]);
      return wanted.map(({ slug, limit }) => Math.min(counts.get(slug) ?? 0, limit ?? Infinity));
    },
    { cacheKeyFn: ({ slug, limit }) => `${slug} ${limit}` },
  );
}

const createPageKey = ({ order, page }: CategoryPage) => JSON.stringify([order, page]);
