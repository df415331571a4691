import { hasScope } from '@shop/access';
import type { Viewer } from '@shop/process';
import { isUuid, listAudit, plainText, type CompleteFields } from '@shop/subgraph';
import type { Product } from '../domain/product.ts';
import { browseProducts } from '../use-cases/browse-products.ts';
import { checkAvailability } from '../use-cases/check-availability.ts';
import { findCategory, listCategories } from '../use-cases/find-categories.ts';
import { listLowStock } from '../use-cases/list-low-stock.ts';
import type { QueryResolvers } from './schema-types.ts';

/** Hides a product that is off sale, except from callers with product:write. */
function hideOffSale(product: Product | null, viewer: Viewer): Product | null {
  return product && (product.onSale || hasScope(viewer, 'product:write')) ? product : null;
}

export const Query = {
  inventoryAudit: (_root, args, { database }) => listAudit(database.client, args),
  availability: (_root, { items }, context) => checkAvailability(context, items),
  categories: (_root, _args, context) => listCategories(context),
  category: (_root, { slug }, context) => findCategory(context, slug),
  lowStock: (_root, args, context) => listLowStock(context, args),
  product: async (_root, { id }, { products, viewer }) =>
    isUuid(id) ? hideOffSale(await products.load(id.toLowerCase()), viewer) : null,
  productBySku: async (_root, { sku }, { productsBySku, viewer }) =>
    plainText(64).safeParse(sku).success ? hideOffSale(await productsBySku.load(sku), viewer) : null,
  products: (_root, args, context) => {
    // Aliases of the same list share it.
    const key = JSON.stringify(args);
    const listing =
      context.listings.get(key) ?? browseProducts(context, args, hasScope(context.viewer, 'product:write'));
    context.listings.set(key, listing);
    return listing;
  },
} satisfies CompleteFields<QueryResolvers>;
