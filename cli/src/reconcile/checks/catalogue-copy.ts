import type { Difference } from '../difference.ts';
import { pairById, readInOrder, findUnpublished } from '../side-by-side.ts';
import type { Snapshot } from '../snapshot.ts';

interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly onSale: boolean;
  readonly version: number;
}

const COLUMNS = `sku, name, price_minor || ' ' || currency_code AS price, on_sale AS "onSale", version`;
const catalogue = `SELECT id, ${COLUMNS} FROM products
  WHERE $1::uuid[] IS NULL OR id = ANY ($1) ORDER BY id`;
const copy = `SELECT product_id AS id, ${COLUMNS} FROM catalogue_products
  WHERE $1::uuid[] IS NULL OR product_id = ANY ($1) ORDER BY product_id`;

/**
 * Compares the order subgraph's copy of the catalogue with the catalogue. Both are read in order of id, a page at a time.
 *
 * @returns the differences by product id. A product with unpublished events is not compared: the copy cannot know of them yet.
 */
export async function compareCopies(
  product: Snapshot,
  order: Snapshot,
  only: readonly string[] | null,
): Promise<Map<string, Difference>> {
  const unpublished = await findUnpublished(product);
  const differences = new Map<string, Difference>();
  for await (const [original, copied] of pairById(
    readInOrder<Product>(product, catalogue, only),
    readInOrder<Product>(order, copy, only),
  )) {
    const { id, sku } = (original ?? copied) as Product;
    if (unpublished.has(id)) continue;
    const message = describe(original, copied);
    if (message !== null) differences.set(id, { check: 'catalogue-copy', subject: `${sku} (${id})`, message });
  }
  return differences;
}

function describe(original: Product | undefined, copied: Product | undefined): string | null {
  if (copied === undefined) return "it is not in the order subgraph's copy of the catalogue";
  if (original === undefined) return "it is in the order subgraph's copy, and not in the catalogue";
  const differing = (['version', 'sku', 'name', 'price', 'onSale'] as const).filter(
    (field) => original[field] !== copied[field],
  );
  if (differing.length === 0) return null;
  const differences = differing.map(
    (field) => `${field} (${JSON.stringify(copied[field])} instead of ${JSON.stringify(original[field])})`,
  );
  return `orders use another ${differences.join(', ')}`;
}
