import type { Api } from '../api/api.ts';
import { Refused } from '../api/failures.ts';
import { adjustStock, type ApiProduct, createProduct, type Outcome, refusal, updateProduct } from '../api/products.ts';
import type { LoadProduct } from '../api/load-products.ts';
import type { ProductRow } from '../rows/product-row.ts';
import type { Categories } from './categories.ts';
import { differenceOf } from './difference.ts';

export type Done = 'created' | 'updated' | 'unchanged';

export interface UpsertOptions {
  readonly setStock: boolean;
  readonly isDryRun: boolean;
  readonly load: LoadProduct;
  /** Unique to this row of this run: a repeated request moves stock once. */
  readonly idempotencyKey: string;
}

/** How often a product may be changed by others between reading and writing it. */
const TRIES = 5;

/** Makes the catalogue's product as the row says: creates it, changes what differs, or leaves it alone. */
export async function upsert(api: Api, categories: Categories, row: ProductRow, options: UpsertOptions): Promise<Done> {
  if (row.category) await categories.require(row.category);
  let isNew = false;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const product = await options.load(row.sku);
    if (product === null) {
      requireComplete(row);
      if (options.isDryRun) return 'created';
      const outcome = await createProduct(api, creationOf(row));
      // Taken, though it was not there: by another, or by a try whose answer was lost. What is there now counts.
      if (outcome.__typename === 'SkuTaken') isNew = true;
      else if (outcome.product === undefined) throw refusal(outcome);
      else return finish(api, outcome.product, row);
      continue;
    }
    const done = await bringInLine(api, product, row, options);
    if (done !== 'changed-meanwhile') return isNew ? 'created' : done;
  }
  throw new Refused('others keep changing this product');
}

/** A product is created on sale: a row that says otherwise takes it off. */
async function finish(api: Api, created: ApiProduct, row: ProductRow): Promise<Done> {
  if (row.onSale === false) {
    const outcome = await updateProduct(api, { id: created.id, onSale: false });
    if (outcome.product === undefined) throw refusal(outcome);
  }
  return 'created';
}

async function bringInLine(
  api: Api,
  product: ApiProduct,
  row: ProductRow,
  options: UpsertOptions,
): Promise<Done | 'changed-meanwhile'> {
  const change = differenceOf(product, row);
  const delta =
    options.setStock && row.initialStock !== undefined ? row.initialStock - (product.inventory?.onHand ?? 0) : 0;
  if (change === null && delta === 0) return 'unchanged';
  if (options.isDryRun) return 'updated';
  if (change !== null) {
    const outcome: Outcome = await updateProduct(api, { id: product.id, expectedVersion: product.version, ...change });
    if (outcome.__typename === 'VersionConflict') return 'changed-meanwhile';
    if (outcome.product === undefined) throw refusal(outcome);
  }
  if (delta !== 0) {
    const input = { productId: product.id, delta, reason: 'Catalogue import', idempotencyKey: options.idempotencyKey };
    const outcome = await adjustStock(api, input);
    if (outcome.__typename !== 'AdjustStockSuccess') throw refusal(outcome);
  }
  return 'updated';
}

function requireComplete(row: ProductRow): void {
  const missing = [row.name === undefined ? 'name' : null, row.price === undefined ? 'price.amount' : null].filter(
    (name) => name !== null,
  );
  if (missing.length > 0)
    throw new Refused(missing.map((name) => `${name}: is missing, and the product is new`).join('; '));
}

function creationOf({ onSale: _, category, ...row }: ProductRow): object {
  return { ...row, ...(category ? { category: category.slug } : {}) };
}
