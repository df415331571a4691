import { loadCatalogue, saveCatalogueProduct } from '../db/catalogue.ts';
import type { CatalogueProduct } from '../domain/price-order.ts';
import type { Dependencies } from './dependencies.ts';

/** Products from the copy of the catalogue; what the copy lacks is asked for once, and kept. */
export async function findCatalogue(
  { database, askForProducts, now }: Dependencies,
  productIds: readonly string[],
): Promise<Map<string, CatalogueProduct>> {
  const known = await loadCatalogue(database, productIds);
  const missing = productIds.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  for (const product of await askForProducts(missing)) {
    await saveCatalogueProduct(database.client, product, now());
  }
  return loadCatalogue(database, productIds);
}
