import { AdjustStock, CreateProduct, type CreateProductInput, UpdateProduct } from '@shop/client';
import { RefusedError } from '../api/errors.ts';
import type { LoadProduct } from '../api/load-products.ts';
import type { CatalogueApi, CatalogueProduct } from '../api/open-api.ts';
import { describeRefusal } from '../api/refusal.ts';
import type { ProductRow } from '../rows/product-row.ts';
import type { Categories } from './categories.ts';
import { findDifference } from './difference.ts';

export type RowOutcome = 'created' | 'updated' | 'unchanged';

export interface UpsertOptions {
  readonly setStock: boolean;
  readonly isDryRun: boolean;
  readonly load: LoadProduct;
  /** Unique to this row of this run: a repeated request moves stock once. */
  readonly idempotencyKey: string;
}

/** The number of times that others may change a product between our read and our write. */
const ATTEMPTS = 5;

/** Makes the product equal to the row: creates it, changes what differs, or leaves it alone. */
export async function upsert(
  api: CatalogueApi,
  categories: Categories,
  given: ProductRow,
  options: UpsertOptions,
): Promise<RowOutcome> {
  const row = given.category ? { ...given, category: await categories.require(given.category) } : given;
  let isNew = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const product = await options.load(row.sku);
    if (product === null) {
      const input = requireComplete(row);
      if (options.isDryRun) return 'created';
      const { createProduct } = await api.request(CreateProduct, { input });
      // The SKU was free a moment ago: somebody else, or an attempt whose answer was lost, has created the product.
      if (createProduct.__typename === 'SkuTaken') isNew = true;
      else if (createProduct.__typename !== 'CreateProductSuccess') throw describeRefusal(createProduct);
      else return finish(api, createProduct.product.id, row);
      continue;
    }
    const outcome = await bringInLine(api, product, row, options);
    if (outcome !== 'changed-meanwhile') return isNew ? 'created' : outcome;
  }
  throw new RefusedError('others keep changing this product');
}

/** The API creates every product on sale. A row that says otherwise takes it off sale. */
async function finish(api: CatalogueApi, id: string, row: ProductRow): Promise<RowOutcome> {
  if (row.onSale === false) {
    const { updateProduct } = await api.request(UpdateProduct, { input: { id, onSale: false } });
    if (updateProduct.__typename !== 'UpdateProductSuccess') throw describeRefusal(updateProduct);
  }
  return 'created';
}

async function bringInLine(
  api: CatalogueApi,
  product: CatalogueProduct,
  row: ProductRow,
  { setStock, isDryRun, idempotencyKey }: UpsertOptions,
): Promise<RowOutcome | 'changed-meanwhile'> {
  const change = findDifference(product, row);
  const delta = setStock && row.initialStock !== undefined ? row.initialStock - (product.inventory?.onHand ?? 0) : 0;
  if (change === null && delta === 0) return 'unchanged';
  if (isDryRun) return 'updated';
  if (change !== null) {
    const input = { id: product.id, expectedVersion: product.version, ...change };
    const { updateProduct } = await api.request(UpdateProduct, { input });
    if (updateProduct.__typename === 'VersionConflict') return 'changed-meanwhile';
    if (updateProduct.__typename !== 'UpdateProductSuccess') throw describeRefusal(updateProduct);
  }
  if (delta !== 0) {
    const input = { productId: product.id, delta, reason: 'Catalogue import', idempotencyKey };
    const { adjustStock } = await api.request(AdjustStock, { input });
    if (adjustStock.__typename !== 'AdjustStockSuccess') throw describeRefusal(adjustStock);
  }
  return 'updated';
}

/** The columns that a row lacks for a new product. */
function findMissing({ name, price }: { name?: unknown; price?: unknown }): string[] {
  const missing = [...(name === undefined ? ['name'] : []), ...(price === undefined ? ['price.amount'] : [])];
  return missing.map((field) => `${field}: is missing, and the product is new`);
}

/**
 * All faults of a row that was not read without issues: those, an unknown category, and what a new product would lack.
 * A field with an issue is not missing.
 */
export async function findAllFaults(
  { product, issues }: { readonly product: ProductRow; readonly issues: readonly string[] },
  categories: Categories,
  load: LoadProduct,
): Promise<string[]> {
  const unknown = product.category ? categories.findIssue(product.category) : null;
  const isNew = product.sku !== '' && (await load(product.sku)) === null;
  const missing = isNew ? findMissing(product) : [];
  const named = new Set(issues.map((issue) => issue.split(/[.:]/)[0]));
  return [
    ...issues,
    ...(unknown === null ? [] : [unknown]),
    ...missing.filter((issue) => !named.has(issue.split(/[.:]/)[0])),
  ];
}

/** The input that creates a product from a row. @throws RefusedError when the row lacks a value. */
function requireComplete({ onSale: _, category, name, price, ...row }: ProductRow): CreateProductInput {
  if (name === undefined || price === undefined) throw new RefusedError(findMissing({ name, price }).join('; '));
  return { ...row, name, price, ...(category ? { category: category.slug } : {}) };
}
