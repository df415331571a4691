import type { ApiProduct } from '../api/products.ts';
import type { ProductRow } from '../rows/product-row.ts';

/** What has to change for the product to be as the row says; null when nothing has. Stock is not part of it. */
export function differenceOf(product: ApiProduct, row: ProductRow): Record<string, unknown> | null {
  const change: Record<string, unknown> = {};
  if (row.name !== undefined && row.name !== product.name) change['name'] = row.name;
  if (row.description !== undefined && row.description !== product.description) change['description'] = row.description;
  if (row.price && (row.price.amount !== product.price.amount || row.price.currencyCode !== product.price.currencyCode))
    change['price'] = row.price;
  if (row.category !== undefined && (row.category?.slug ?? null) !== (product.category?.slug ?? null))
    change['category'] = row.category?.slug ?? null;
  if (row.imageUrl !== undefined && row.imageUrl !== product.imageUrl) change['imageUrl'] = row.imageUrl;
  if (row.onSale !== undefined && row.onSale !== product.onSale) change['onSale'] = row.onSale;
  return Object.keys(change).length === 0 ? null : change;
}
