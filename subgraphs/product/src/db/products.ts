import { sqlOver } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { Product } from '../domain/product.ts';
import type { Database, Transaction } from './database.ts';
import { toProduct } from './product-rows.ts';

export async function insertProducts(tx: Transaction, products: readonly Product[]): Promise<void> {
  await tx.product.createMany({ data: [...products] });
}

/** Locks a product until the transaction ends. */
export async function lockProduct(tx: Transaction, id: string): Promise<Product | null> {
  await sqlOver(tx).query('SELECT 1 FROM products WHERE id = $1::uuid FOR UPDATE', [id]);
  const row = await tx.product.findUnique({ where: { id } });
  return row && toProduct(row);
}

export async function updateProduct(tx: Transaction, { id, ...product }: Product): Promise<void> {
  await tx.product.update({ where: { id }, data: product, select: { id: true } });
}

export function createProductLoader({ client }: Database) {
  return new DataLoader<string, Product | null>(async (ids) => {
    const rows = await client.product.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(rows.map((row) => [row.id, toProduct(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

export function createProductBySkuLoader({ client }: Database) {
  return new DataLoader<string, Product | null>(async (skus) => {
    const rows = await client.product.findMany({ where: { sku: { in: [...skus] } } });
    const bySku = new Map(rows.map((row) => [row.sku, toProduct(row)]));
    return skus.map((sku) => bySku.get(sku) ?? null);
  });
}

export async function findProducts({ client }: Database, ids: readonly string[]): Promise<Product[]> {
  return (await client.product.findMany({ where: { id: { in: [...ids] } } })).map(toProduct);
}

export async function listTakenSkus({ client }: Database, skus: readonly string[]): Promise<Set<string>> {
  const rows = await client.product.findMany({ where: { sku: { in: [...skus] } }, select: { sku: true } });
  return new Set(rows.map(({ sku }) => sku));
}
