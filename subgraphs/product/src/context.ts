import type { Viewer } from '@shop/process';
import { createCategoryLoader, createChildrenLoader } from './db/categories.ts';
import { createCategoryPageLoader } from './db/category-products.ts';
import { createProductBySkuLoader, createProductLoader } from './db/products.ts';
import { createStockLoader } from './db/stocks.ts';
import type { Dependencies } from './use-cases/dependencies.ts';

/** What one request works with. Loaders live as long as the request, so that nothing is read twice or shared. */
export function createContextFactory(dependencies: Dependencies) {
  return ({ viewer }: { viewer: Viewer }) => ({
    ...dependencies,
    viewer,
    products: createProductLoader(dependencies.database),
    productsBySku: createProductBySkuLoader(dependencies.database),
    categories: createCategoryLoader(dependencies.database),
    categoryPages: createCategoryPageLoader(dependencies.database),
    childCategories: createChildrenLoader(dependencies.database),
    stocks: createStockLoader(dependencies.database),
  });
}

export type Context = ReturnType<ReturnType<typeof createContextFactory>>;
