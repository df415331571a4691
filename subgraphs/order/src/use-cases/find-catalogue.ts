import { saveCatalogueProducts } from '../db/catalogue.ts';
import type { CatalogueProduct } from '../domain/price-order.ts';
import type { Dependencies } from './dependencies.ts';

export type CatalogueSource = Pick<Dependencies, 'database' | 'askForProducts' | 'now'>;

/** Loads products from the copy of the catalogue. Products that it lacks are requested once and saved. */
export async function findCatalogue(
  { database, askForProducts, now }: CatalogueSource,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, CatalogueProduct>> {
  const known = await database.shared.loadCatalogue(productIds);
  const missing = productIds.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  await saveCatalogueProducts(database.client, await askForProducts(missing), now());
  return database.shared.loadCatalogue(productIds);
}
