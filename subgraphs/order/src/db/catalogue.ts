import { sqlOver, type RawSqlClient } from '@shop/subgraph';
import type { CatalogueProduct } from '../domain/price-order.ts';

/** Loads products from the copy of the catalogue, by id. */
export async function loadCatalogue(
  client: RawSqlClient,
  productIds: readonly string[],
): Promise<Map<string, CatalogueProduct>> {
  const rows = await sqlOver(client).query<CatalogueProduct>(
    `SELECT product_id::text AS "productId", sku, name, price_minor::float8 AS "priceMinor", currency_code::text AS "currencyCode",
            on_sale AS "onSale", version
       FROM catalogue_products WHERE product_id = ANY($1::uuid[])`,
    [productIds],
  );
  return new Map(rows.map((row) => [row.productId, row]));
}

/** Saves products in the copy of the catalogue, unless it has the same or a newer version. */
export async function saveCatalogueProducts(
  client: RawSqlClient,
  products: readonly CatalogueProduct[],
  at: Date,
): Promise<void> {
  if (products.length === 0) return;
  const rows = keepNewest(products).map(({ productId, sku, name, priceMinor, currencyCode, onSale, version }) => ({
    product_id: productId,
    sku,
    name,
    price_minor: priceMinor,
    currency_code: currencyCode,
    on_sale: onSale,
    version,
  }));
  // Sorted, so that two batches with the same products cannot deadlock.
  await sqlOver(client).query(
    `INSERT INTO catalogue_products (product_id, sku, name, price_minor, currency_code, on_sale, version, updated_at)
     SELECT product_id, sku, name, price_minor, currency_code, on_sale, version, $2::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS p(
       product_id uuid, sku text, name text, price_minor bigint, currency_code text, on_sale boolean, version int)
     ORDER BY product_id
     ON CONFLICT (product_id) DO UPDATE SET sku = EXCLUDED.sku, name = EXCLUDED.name,
       price_minor = EXCLUDED.price_minor, currency_code = EXCLUDED.currency_code, on_sale = EXCLUDED.on_sale,
       version = EXCLUDED.version, updated_at = EXCLUDED.updated_at
     WHERE catalogue_products.version < EXCLUDED.version`,
    [JSON.stringify(rows), at],
  );
}

/** Keeps the newest version of each product: one statement cannot change a row twice. */
function keepNewest(products: readonly CatalogueProduct[]): CatalogueProduct[] {
  const newest = new Map<string, CatalogueProduct>();
  for (const product of products) {
    const known = newest.get(product.productId);
    if (!known || known.version < product.version) newest.set(product.productId, product);
  }
  return [...newest.values()];
}
