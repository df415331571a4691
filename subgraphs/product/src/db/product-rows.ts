import type { Product } from '../domain/product.ts';
import type { Product as ProductRow } from './generated/client.ts';

/** A product and the key that it has in the order of its list; null where the list goes by id alone. */
export interface ListedProduct extends Product {
  readonly sortKey: string | null;
}

/** The columns of a product under the names of `Product`, of the table `p`. */
export const productColumns = `p.id, p.sku, p.name, p.description, p.price_minor AS "priceMinor",
  p.currency_code AS "currencyCode", p.image_url AS "imageUrl", p.category_id AS "categoryId", p.on_sale AS "onSale",
  p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

export function toProduct(row: ProductRow): Product {
  return { ...row, priceMinor: Number(row.priceMinor) };
}

export function toListedProduct(row: ProductRow & { sortKey: unknown }): ListedProduct {
  return { ...row, priceMinor: Number(row.priceMinor), sortKey: row.sortKey === null ? null : String(row.sortKey) };
}
