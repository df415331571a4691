import { type RawSqlClient, selectColumns, sqlOver } from '@shop/subgraph';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';
import { Prisma } from './generated/client.ts';
import { productColumns } from './product-rows.ts';

/** The columns of the table `s` under the names of `Stock`. */
export const stockColumns = selectColumns('s', Prisma.StockScalarFieldEnum);
const categoryColumns = selectColumns('c', Prisma.CategoryScalarFieldEnum);

/** Loads products by id. Prisma's `findMany` would take more time than the rest of a request for a few products. */
export async function loadProducts(client: RawSqlClient, ids: readonly string[]): Promise<Map<string, Product>> {
  const rows = await sqlOver(client).query<Product>(
    `SELECT ${productColumns} FROM products p WHERE p.id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Loads stocks by the id of their product. */
export async function loadStocks(client: RawSqlClient, productIds: readonly string[]): Promise<Map<string, Stock>> {
  const stocks = await sqlOver(client).query<Stock>(
    `SELECT ${stockColumns} FROM stocks s WHERE s.product_id = ANY($1::uuid[])`,
    [productIds],
  );
  return new Map(stocks.map((stock) => [stock.productId, stock]));
}

/** Loads categories by id. */
export async function loadCategories(client: RawSqlClient, ids: readonly string[]): Promise<Map<string, Category>> {
  const rows = await sqlOver(client).query<Category>(
    `SELECT ${categoryColumns} FROM categories c WHERE c.id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
