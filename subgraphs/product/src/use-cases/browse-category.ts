import { buildConnection, countLazily, type PageArguments } from '@shop/subgraph';
import type { CategoryCount, CategoryPage } from '../db/category-products.ts';
import type { ListedProduct } from '../db/product-rows.ts';
import { readOrder, type ProductSort } from './browse-products.input.ts';
import { createProductCursors } from './product-cursor.ts';

interface Loaders {
  readonly categoryCounts: { load(count: CategoryCount): Promise<number> };
  readonly categoryPages: { load(page: CategoryPage): Promise<ListedProduct[]> };
}

/** Lists one page of the products on sale in a category and its descendants. */
export async function browseCategory(
  { categoryCounts, categoryPages }: Loaders,
  slug: string,
  { sort, ...args }: PageArguments & { readonly sort?: ProductSort | null },
) {
  const order = readOrder(sort, {});
  const cursors = createProductCursors(order, []);
  const page = cursors.parse(args);
  const rows = await categoryPages.load({ slug, order, page });
  return {
    ...buildConnection(rows, page, cursors.toParts),
    ...countLazily((limit) => categoryCounts.load({ slug, limit })),
  };
}
