import { sqlOver, type RawSqlClient } from '@shop/service';
import type { CatalogueProduct } from '../domain/price-order.ts';
import type { Database } from './database.ts';

/** Products of the copy of the catalogue, by id. */
export async function loadCatalogue(
  { client }: Database,
  productIds: readonly string[],
): Promise<Map<string, CatalogueProduct>> {
  const rows = await client.catalogueProduct.findMany({ where: { productId: { in: [...productIds] } } });
  return new Map(rows.map((row) => [row.productId, { ...row, priceMinor: Number(row.priceMinor) }]));
}

/** Takes a product into the copy, unless the copy has this version or a newer one. */
export async function saveCatalogueProduct(
  client: RawSqlClient,
  { productId, sku, name, priceMinor, currencyCode, onSale, version }: CatalogueProduct,
  at: Date,
): Promise<void> {
  await sqlOver(client).query(
    `INSERT INTO catalogue_products (product_id, sku, name, price_minor, currency_code, on_sale, version, updated_at)
     VALUES ($1::uuid, $2, $3, $4::bigint, $5, $6::boolean, $7::int, $8::timestamptz)
     ON CONFLICT (product_id) DO UPDATE SET sku = EXCLUDED.sku, name = EXCLUDED.name,
       price_minor = EXCLUDED.price_minor, currency_code = EXCLUDED.currency_code, on_sale = EXCLUDED.on_sale,
       version = EXCLUDED.version, updated_at = EXCLUDED.updated_at
     WHERE catalogue_products.version < EXCLUDED.version`,
    [productId, sku, name, priceMinor, currencyCode, onSale, version, at],
  );
}
