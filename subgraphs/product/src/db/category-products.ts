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
      const lists = new Map<string, Map<string, ListedProduct[]>>();
      for (const [kind, { order, page }] of kinds) {
        const slugs = wanted.filter((each) => createPageKey(each) === kind).map(({ slug }) => slug);
        lists.set(kind, await listProductsByCategory(database, slugs, order, page));
      }
      return wanted.map((each) => lists.get(createPageKey(each))?.get(each.slug) ?? []);
    },
    { cacheKeyFn: (each) => each.slug + createPageKey(each) },
  );
}

const createPageKey = ({ order, page }: CategoryPage) => JSON.stringify([order, page]);
