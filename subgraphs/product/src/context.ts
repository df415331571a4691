import type { Viewer } from '@shop/process';
import { createCategoryLoader, createChildrenLoader } from './db/categories.ts';
import { createCategoryCountLoader, createCategoryPageLoader } from './db/category-products.ts';
import { createProductBySkuLoader, createProductLoader } from './db/products.ts';
import { createStockLoader } from './db/stocks.ts';
import type { browseProducts } from './use-cases/browse-products.ts';
import type { Dependencies } from './use-cases/dependencies.ts';

export type Context = ReturnType<typeof createContext>;

/** The context of one request. Loaders live as long as the request, so that no row is read twice, and none is older than it. */
export function createContext(dependencies: Dependencies, { viewer }: { viewer: Viewer }) {
  return {
    ...dependencies,
    viewer,
    products: createProductLoader(dependencies.database),
    productsBySku: createProductBySkuLoader(dependencies.database),
    categories: createCategoryLoader(dependencies.database),
    categoryCounts: createCategoryCountLoader(dependencies.database),
    categoryPages: createCategoryPageLoader(dependencies.database),
    childCategories: createChildrenLoader(dependencies.database),
    stocks: createStockLoader(dependencies.database),
    listings: new Map<string, ReturnType<typeof browseProducts>>(),
  };
}
