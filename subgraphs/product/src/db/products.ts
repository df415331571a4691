import { insertRows, sqlOver, updateRows } from '@shop/subgraph';
import DataLoader from 'dataloader';
import { toSkuKey, type Product } from '../domain/product.ts';
import type { Database, Transaction } from './database.ts';
import { Prisma } from './generated/client.ts';
import { productColumns, toProduct } from './product-rows.ts';

const table = { name: 'products', fields: Prisma.ProductScalarFieldEnum };

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
  await sqlOver(tx).query('SELECT 1 FROM products WHERE id = $1::uuid FOR UPDATE', [id]);
  const row = await tx.product.findUnique({ where: { id } });
  return row && toProduct(row);
}

/** Writes products as they are now. The caller has locked them. */
export function updateProducts(tx: Transaction, products: readonly Product[]): Promise<void> {
  return updateRows(tx, table, products, written);
}

/** Puts up to `limit` products of one category into another, and returns them as they are then. */
export async function moveProducts(
  tx: Transaction,
  { from, to, limit, at }: { from: string; to: string; limit: number; at: Date },
): Promise<Product[]> {
  const rows = await sqlOver(tx).query<Parameters<typeof toProduct>[0]>(
    `UPDATE products AS p SET category_id = $2::uuid, version = version + 1, updated_at = $4::timestamptz
      WHERE id = ANY(ARRAY(SELECT id FROM products WHERE category_id = $1::uuid ORDER BY id LIMIT $3::int FOR UPDATE))
      RETURNING ${productColumns}`,
    [from, to, limit, at],
  );
  return rows.map(toProduct);
}

export function countProductsOfCategory(tx: Transaction, categoryId: string): Promise<number> {
  return tx.product.count({ where: { categoryId } });
}

export function createProductLoader({ client }: Database) {
  return new DataLoader<string, Product | null>(async (ids) => {
    const byId = new Map((await findProducts({ client }, ids)).map((product) => [product.id, product]));
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

/** Finds products by id. Gateways ask for them all the time, and Prisma's `findMany` takes more than the rest of such a request. */
export async function findProducts({ client }: { client: Transaction }, ids: readonly string[]): Promise<Product[]> {
  const rows = await sqlOver(client).query<Parameters<typeof toProduct>[0]>(
    `SELECT ${productColumns} FROM products p WHERE p.id = ANY($1::uuid[])`,
    [ids],
  );
  return rows.map(toProduct);
}

/** Locks products, found by SKU in upper or lower case, until the transaction ends. */
export async function lockProductsBySku(tx: Transaction, skus: readonly string[]): Promise<Product[]> {
  const rows = await sqlOver(tx).query<Parameters<typeof toProduct>[0]>(
    `SELECT ${productColumns} FROM products p WHERE lower(p.sku COLLATE "C") = ANY($1::text[]) ORDER BY p.id FOR UPDATE`,
    [skus.map(toSkuKey)],
  );
  return rows.map(toProduct);
}

/** Finds products by SKU in upper or lower case. */
export async function findProductsBySku(client: Transaction, skus: readonly string[]): Promise<Product[]> {
  const rows = await sqlOver(client).query<Parameters<typeof toProduct>[0]>(
    `SELECT ${productColumns} FROM products p WHERE lower(p.sku COLLATE "C") = ANY($1::text[])`,
    [skus.map(toSkuKey)],
  );
  return rows.map(toProduct);
}
