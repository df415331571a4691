import { selectColumns } from '@shop/subgraph';
import type { Product } from '../domain/product.ts';
import { Prisma, type Product as ProductRow } from './generated/client.ts';

/** A product with its key in the order of its list. The key is null when the list is ordered by id alone. */
export interface ListedProduct extends Product {
  readonly sortKey: string | null;
}

/** The columns of the table `p` under the names of `Product`. */
export const productColumns = selectColumns('p', Prisma.ProductScalarFieldEnum);

/** The database keeps `inStock` by itself: a product that is written back must not have it. */
export function toProduct({ inStock: _kept, ...row }: ProductRow): Product {
  return { ...row, priceMinor: Number(row.priceMinor) };
}

export function toListedProduct({ sortKey, ...row }: ProductRow & { sortKey: unknown }): ListedProduct {
  return { ...toProduct(row), sortKey: sortKey === null ? null : String(sortKey) };
}
