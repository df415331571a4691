import type { Difference } from '../difference.ts';
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
  WHERE id > $1::uuid AND ($3::uuid[] IS NULL OR id = ANY ($3)) ORDER BY id LIMIT $2::int`;
const copy = `SELECT product_id AS id, ${COLUMNS} FROM catalogue_products
  WHERE product_id > $1::uuid AND ($3::uuid[] IS NULL OR product_id = ANY ($3)) ORDER BY product_id LIMIT $2::int`;
const PAGE = 5_000;

/** What is compared: the catalogue and the copy that orders are priced from. */
export interface Copies {
  readonly product: Snapshot;
  readonly order: Snapshot;
}

/**
 * Compares the order subgraph's copy of the catalogue with the catalogue, both read in order of id, a page at a time.
 *
 * @returns the differences by product id. A product with events that wait in the outbox is not compared: the copy cannot
 *   know of them yet.
 */
export async function compareCopies({ product, order }: Copies, only: readonly string[] | null): Promise<Map<string, Difference>> {
  const waiting = await product.query<{ id: string }>('SELECT DISTINCT aggregate_id AS id FROM outbox WHERE published_at IS NULL');
  const isWaiting = new Set(waiting.map(({ id }) => id));
  const differences = new Map<string, Difference>();
  for await (const [original, copied] of merge(inOrder(product, catalogue, only), inOrder(order, copy, only))) {
    const { id, sku } = (original ?? copied) as Product;
    if (isWaiting.has(id)) continue;
    const message = describe(original, copied);
    if (message !== null) differences.set(id, { check: 'catalogue-copy', subject: `${sku} (${id})`, message });
  }
  return differences;
}

async function* inOrder(snapshot: Snapshot, query: string, only: readonly string[] | null): AsyncGenerator<Product, undefined> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await snapshot.query<Product>(query, [after, PAGE, only]);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

/** Pairs what has the same id. Lower-case hexadecimal sorts as PostgreSQL sorts uuids. */
async function* merge(left: AsyncGenerator<Product, undefined>, right: AsyncGenerator<Product, undefined>): AsyncGenerator<[Product | undefined, Product | undefined]> {
  let [a, b] = [(await left.next()).value, (await right.next()).value];
  while (a !== undefined || b !== undefined) {
    const takesA = a !== undefined && (b === undefined || a.id <= b.id);
    const takesB = b !== undefined && (a === undefined || b.id <= a.id);
    yield [takesA ? a : undefined, takesB ? b : undefined];
    if (takesA) a = (await left.next()).value;
    if (takesB) b = (await right.next()).value;
  }
}

function describe(original: Product | undefined, copied: Product | undefined): string | null {
  if (copied === undefined) return "it is not in the order subgraph's copy of the catalogue";
  if (original === undefined) return "it is in the order subgraph's copy, and not in the catalogue";
  const differing = (['version', 'sku', 'name', 'price', 'onSale'] as const).filter((field) => original[field] !== copied[field]);
  if (differing.length === 0) return null;
  return `orders go by another ${differing.map((field) => `${field} (${JSON.stringify(copied[field])}, and it is ${JSON.stringify(original[field])})`).join(', ')}`;
}
