import { insertRows, rowTable, type RawSqlClient, sqlOver, updateRows } from '@shop/subgraph';
import DataLoader from 'dataloader';
import { toSkuKey, type Product } from '../domain/product.ts';
import type { Database, Transaction } from './database.ts';
import { Prisma } from './generated/client.ts';
import { productColumns } from './product-rows.ts';

const table = rowTable('products', Prisma.ProductScalarFieldEnum);

/** The database keeps `inStock` by itself. */
const written = Object.values(Prisma.ProductScalarFieldEnum).filter(
  (field) => field !== 'id' && field !== 'createdAt' && field !== 'inStock',
);

/** Inserts products. `inStock` says whether the same transaction adds stock: the row is then written only once. */
export async function insertProducts(
  tx: Transaction,
  products: readonly (Product & { readonly inStock: boolean })[],
): Promise<void> {
  await insertRows(tx, table, products);
}

/** Locks a product until the transaction ends. */
export async function lockProduct(tx: Transaction, id: string): Promise<Product | null> {
  const [product = null] = await selectProducts(tx, `${hasId} ${forUpdate}`, [id]);
  return product;
}

/** Writes products as they are now. The caller has locked them. */
export function updateProducts(tx: Transaction, products: readonly Product[]): Promise<void> {
  return updateRows(tx, table, products, written);
}

/** Puts up to `limit` products of one category into another, and returns them as they are then. */
export function moveProducts(
  tx: Transaction,
  { from, to, limit, at }: { from: string; to: string; limit: number; at: Date },
): Promise<Product[]> {
  return sqlOver(tx).query<Product>(
    `UPDATE products AS p SET category_id = $2::uuid, version = version + 1, updated_at = $4::timestamptz
      WHERE id = ANY(ARRAY(SELECT id FROM products WHERE category_id = $1::uuid ORDER BY id LIMIT $3::int FOR UPDATE))
      RETURNING ${productColumns}`,
    [from, to, limit, at],
  );
}

export function countProductsOfCategory(tx: Transaction, categoryId: string): Promise<number> {
  return tx.product.count({ where: { categoryId } });
}

export function createProductLoader({ shared }: Database) {
  return new DataLoader<string, Product | null>(async (ids) => {
    const byId = await shared.loadProducts(ids);
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function createProductBySkuLoader({ client }: Database) {
  return new DataLoader<string, Product | null>(async (skus) => {
    const products = await findProductsBySku(client, skus);
    const bySku = new Map(products.map((product) => [toSkuKey(product.sku), product]));
    return skus.map((sku) => bySku.get(toSkuKey(sku)) ?? null);
  });
}

/** Finds products by SKU in upper or lower case. */
export function findProductsBySku(client: Transaction, skus: readonly string[]): Promise<Product[]> {
  return selectProducts(client, hasSku, skus.map(toSkuKey));
}

/** The same, and locks them until the transaction ends. */
export function lockProductsBySku(tx: Transaction, skus: readonly string[]): Promise<Product[]> {
  return selectProducts(tx, `${hasSku} ${forUpdate}`, skus.map(toSkuKey));
}

const hasId = 'p.id = ANY($1::uuid[])';
const hasSku = 'lower(p.sku COLLATE "C") = ANY($1::text[])';
/** In the order of ids, so that two transactions do not wait for each other in a circle. */
const forUpdate = 'ORDER BY p.id FOR UPDATE';

/** Prisma's `findMany` would take more time than the rest of a request for a few products, which gateways ask for all the time. */
function selectProducts(client: RawSqlClient, condition: string, values: readonly string[]): Promise<Product[]> {
  return sqlOver(client).query<Product>(`SELECT ${productColumns} FROM products p WHERE ${condition}`, [values]);
}
