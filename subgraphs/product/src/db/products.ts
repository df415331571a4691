import DataLoader from 'dataloader';
import type { Product } from '../domain/product.ts';
import type { Database, Transaction } from './database.ts';
import type { Product as ProductRow } from './generated/client.ts';

const toProduct = (row: ProductRow): Product => ({ ...row, priceMinor: Number(row.priceMinor) });

export async function insertProduct(tx: Transaction, product: Product): Promise<void> {
  await tx.product.create({ data: product });
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

/** Products on sale, newest first: ids grow with time. */
export async function listProducts(
  { client }: Database,
  { limit, afterId }: { limit: number; afterId: string | null },
): Promise<Product[]> {
  const rows = await client.product.findMany({
    where: { onSale: true, ...(afterId === null ? {} : { id: { lt: afterId } }) },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map(toProduct);
}

export function countProducts({ client }: Database): Promise<number> {
  return client.product.count({ where: { onSale: true } });
}

export async function findProducts({ client }: Database, ids: readonly string[]): Promise<Product[]> {
  return (await client.product.findMany({ where: { id: { in: [...ids] } } })).map(toProduct);
}

export async function listTakenSkus({ client }: Database, skus: readonly string[]): Promise<Set<string>> {
  const rows = await client.product.findMany({ where: { sku: { in: [...skus] } }, select: { sku: true } });
  return new Set(rows.map(({ sku }) => sku));
}
