import { selectColumns } from '@shop/subgraph';
import type { Product } from '../domain/product.ts';
import { Prisma } from './generated/client.ts';

/** A product with its key in the order of its list. The key is null when the list is ordered by id alone. */
export interface ListedProduct extends Product {
  readonly sortKey: string | null;
}

/** A row of a list. Its key has the type of what the list is sorted by. */
export interface ListedRow extends Product {
  sortKey: unknown;
}

/** The database keeps `inStock` by itself: a product that is written back must not have it. */
const { inStock: _kept, priceMinor: _number, ...fields } = Prisma.ProductScalarFieldEnum;

/** The columns of the table `p` under the names of `Product`. */
export const productColumns = `${selectColumns('p', fields)}, p.price_minor::float8 AS "priceMinor"`;

/** Makes the keys of rows text, as cursors have them. The rows are changed: copies of them cost more than all else here. */
export function toListedProducts(rows: ListedRow[]): ListedProduct[] {
  for (const row of rows) row.sortKey = row.sortKey === null ? null : String(row.sortKey);
  return rows as ListedProduct[];
}
