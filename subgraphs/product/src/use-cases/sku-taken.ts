import { findProductsBySku } from '../db/products.ts';
import type { Dependencies } from './dependencies.ts';

/** The outcome of a change that needs a SKU which another product has. */
export interface SkuTaken {
  readonly kind: 'sku-taken';
  readonly sku: string;
  /** The product that has it. Null when it has just got another one. */
  readonly holder: { readonly id: string; readonly onSale: boolean } | null;
}

/** Says which product has a SKU. */
export async function explainTakenSku({ database }: Dependencies, sku: string): Promise<SkuTaken> {
  const [holder] = await findProductsBySku(database.client, [sku]);
  return { kind: 'sku-taken', sku, holder: holder ? { id: holder.id, onSale: holder.onSale } : null };
}
