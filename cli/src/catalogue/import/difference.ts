import type { UpdateProductInput } from '@shop/client';
import type { CatalogueProduct } from '../api/open-api.ts';
import type { ProductRow } from '../rows/product-row.ts';

/** The fields that an import changes. */
export type ProductChange = Omit<UpdateProductInput, 'id' | 'expectedVersion' | 'sku'>;

/** The fields in which the product differs from the row; null when there are none. Stock is not part of it. */
export function findDifference(product: CatalogueProduct, row: ProductRow): ProductChange | null {
  const { name, description, price, category, imageUrl, onSale } = row;
  const slug = category?.slug ?? null;
  const change: ProductChange = {
    ...(name !== undefined && name !== product.name ? { name } : {}),
    ...(description !== undefined && description !== product.description ? { description } : {}),
    ...(price !== undefined && !isSamePrice(price, product.price) ? { price } : {}),
    ...(category !== undefined && slug !== (product.category?.slug ?? null) ? { category: slug } : {}),
    ...(imageUrl !== undefined && imageUrl !== product.imageUrl ? { imageUrl } : {}),
    ...(onSale !== undefined && onSale !== product.onSale ? { onSale } : {}),
  };
  return Object.keys(change).length === 0 ? null : change;
}

type Price = CatalogueProduct['price'];

function isSamePrice(one: Price, other: Price): boolean {
  return one.amount === other.amount && one.currencyCode === other.currencyCode;
}
