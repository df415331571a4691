import { ImportProducts, type ImportProductInput, type ImportProductsMutation } from '@shop/client';
import { RefusedError } from '../api/errors.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import { describeRefusal } from '../api/refusal.ts';

type Success = Extract<ImportProductsMutation['importProducts'], { readonly __typename: 'ImportProductsSuccess' }>;

/** The outcome for one product. */
export type ProductOutcome = Success['products'][number];

/**
 * Sends products, and returns the outcome of each, in their order. A value that the API cannot read, such as a number beyond its type,
 * makes it refuse the whole request: then the products are sent in halves, until the one with the value is alone.
 */
export async function sendProducts(
  api: CatalogueApi,
  rows: readonly { readonly input: ImportProductInput }[],
  options: { readonly setStock: boolean; readonly dryRun: boolean },
): Promise<readonly ProductOutcome[]> {
  const [first] = rows;
  if (first === undefined) return [];
  try {
    const { importProducts } = await api.request(ImportProducts, {
      input: { products: rows.map(({ input }) => input), ...options },
    });
    if (importProducts.__typename !== 'ImportProductsSuccess') throw describeRefusal(importProducts);
    return importProducts.products;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (rows.length === 1)
      return [{ sku: first.input.sku, outcome: 'REFUSED', issues: [{ path: '', message: error.message }] }];
    const middle = Math.ceil(rows.length / 2);
    return [
      ...(await sendProducts(api, rows.slice(0, middle), options)),
      ...(await sendProducts(api, rows.slice(middle), options)),
    ];
  }
}
