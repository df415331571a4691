import { FindProductsBySku, type FindProductsBySkuQuery, type FindProductsBySkuQueryVariables } from '@shop/client';
import DataLoader from 'dataloader';
import { RefusedError } from './errors.ts';
import type { CatalogueApi, CatalogueProduct } from './open-api.ts';

/** The number of products that the operation FindProductsBySku looks up. */
const BATCH = 16;

/** Reads the current state of the product with a SKU; null when there is none. */
export type LoadProduct = (sku: string) => Promise<CatalogueProduct | null>;

/**
 * Reads all rows that are processed at the same time with one request. Nothing is cached, since a product may change at
 * any time.
 */
export function createProductLoader(api: CatalogueApi, includesStock: boolean): LoadProduct {
  const loader = new DataLoader<string, CatalogueProduct | null>((skus) => readBatch(api, skus, includesStock), {
    cache: false,
    maxBatchSize: BATCH,
    batchScheduleFn: (dispatch) => void setImmediate(dispatch),
  });
  return (sku) => loader.load(sku);
}

async function readBatch(
  api: CatalogueApi,
  skus: readonly string[],
  stock: boolean,
): Promise<(CatalogueProduct | null | Error)[]> {
  const variables: FindProductsBySkuQueryVariables = {
    ...Object.fromEntries(skus.map((sku, index) => [`sku${index}`, sku])),
    stock,
  };
  try {
    const found = await api.request(FindProductsBySku, variables);
    return skus.map((_, index) => found[`product${index}` as keyof FindProductsBySkuQuery] ?? null);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    // The API rejected one of the SKUs. The others are valid, so each is read separately.
    if (skus.length === 1) return [error];
    return (await Promise.all(skus.map((sku) => readBatch(api, [sku], stock)))).flat();
  }
}
