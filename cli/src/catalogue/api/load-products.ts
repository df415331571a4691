import DataLoader from 'dataloader';
import type { Api } from './api.ts';
import { Refused } from './failures.ts';
import { type ApiProduct, PRODUCT_FIELDS } from './products.ts';

/** Products of one request: enough to make requests few, and far below what a gateway takes for one. */
const BATCH = 25;

/** Reads a product by its SKU as it is now; null where there is none. */
export type LoadProduct = (sku: string) => Promise<ApiProduct | null>;

/** Rows that are worked on at the same time are read by one request. Nothing is kept: a product may change at any time. */
export function createProductLoader(api: Api, withStock: boolean): LoadProduct {
  const loader = new DataLoader<string, ApiProduct | null>((skus) => read(api, skus, withStock), {
    cache: false,
    maxBatchSize: BATCH,
    batchScheduleFn: (dispatch) => void setImmediate(dispatch),
  });
  return (sku) => loader.load(sku);
}

async function read(api: Api, skus: readonly string[], withStock: boolean): Promise<(ApiProduct | null | Error)[]> {
  try {
    const data = await api.request<Record<string, ApiProduct | null>>(queryFor(skus.length), {
      stock: withStock,
      ...variablesFor(skus),
    });
    return skus.map((_, index) => data[`p${index}`] ?? null);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // One of them is refused: the others are good, so each is asked for by itself.
    if (skus.length === 1) return [error];
    return (await Promise.all(skus.map((sku) => read(api, [sku], withStock)))).flat();
  }
}

/** One document for each number of products, so that whoever plans documents plans few. */
function queryFor(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return `query (${indexes.map((index) => `$s${index}: String!`).join(', ')}, $stock: Boolean!) {
    ${indexes.map((index) => `p${index}: productBySku(sku: $s${index}) { ...row }`).join('\n    ')}
  }
  fragment row on Product { ${PRODUCT_FIELDS} inventory @include(if: $stock) { onHand } }`;
}

function variablesFor(skus: readonly string[]): Record<string, string> {
  return Object.fromEntries(skus.map((sku, index) => [`s${index}`, sku]));
}
