import type { TestStack } from '@shop/testing';
import pg from 'pg';
import { generateCategories, generateProducts, type BenchProduct } from './generate-catalogue.ts';

const CHUNK = 5_000;

/**
 * Fills the product database, its ledger and the order subgraph's copy with the rows that `createProduct` would write,
 * without the events.
 */
export async function loadCatalogue({ stack }: TestStack, size: number): Promise<BenchProduct[]> {
  const [product, order] = await Promise.all([
    connect(stack.databaseUrl('product')),
    connect(stack.databaseUrl('order')),
  ]);
  try {
    await insertCategories(product);
    const products = [...generateProducts(size)];
    const createIndexes = await dropIndexes(product);
    for (let start = 0; start < size; start += CHUNK) {
      const chunk = products.slice(start, start + CHUNK);
      await Promise.all([insertProducts(product, chunk), insertCopy(order, chunk)]);
    }
    await createIndexes();
    // Does the work of autovacuum: updates the planner's statistics and flushes the pending lists of full-text indexes.
    await Promise.all([product.query('VACUUM ANALYZE'), order.query('VACUUM ANALYZE')]);
    return products;
  } finally {
    await Promise.all([product.end(), order.end()]);
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Drops the indexes of products that are not unique. Building them afterwards takes a fraction of the time. */
async function dropIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index WHERE indrelid = 'products'::regclass AND NOT indisunique`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return async () => {
    for (const { definition } of rows) await client.query(definition);
  };
}

async function insertCategories(client: pg.Client): Promise<void> {
  for (const { id, slug, name, parentId } of generateCategories().categories) {
    await client.query('INSERT INTO categories (id, slug, name, parent_id) VALUES ($1, $2, $3, $4)', [
      id,
      slug,
      name,
      parentId,
    ]);
  }
}

async function insertProducts(client: pg.Client, products: readonly BenchProduct[]): Promise<void> {
  const column = <Key extends keyof BenchProduct>(key: Key): BenchProduct[Key][] =>
    products.map((product) => product[key]);
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO products (id, sku, name, description, price_minor, currency_code, category_id, in_stock, created_at, updated_at)
     SELECT id, sku, name, description, price, 'USD', category, true, at, at
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::timestamptz[])
       AS t (id, sku, name, description, price, category, at)`,
    [
      column('id'),
      column('sku'),
      column('name'),
      column('description'),
      column('priceMinor'),
      column('categoryId'),
      column('createdAt'),
    ],
  );
  await client.query(
    `INSERT INTO stocks (product_id, on_hand, reserved, sequence)
     SELECT id, units, 0, 1 FROM unnest($1::uuid[], $2::int[]) AS t (id, units)`,
    [column('id'), column('onHand')],
  );
  await client.query(
    `INSERT INTO stock_movements
       (id, product_id, sequence, type, on_hand_delta, reserved_delta, on_hand_after, reserved_after, reason, created_at)
     SELECT id, product, 1, 'RECEIVED', units, 0, units, 0, 'Initial stock', at
     FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) AS t (id, product, units, at)`,
    [column('movementId'), column('id'), column('onHand'), column('createdAt')],
  );
  await client.query('COMMIT');
}

async function insertCopy(client: pg.Client, products: readonly BenchProduct[]): Promise<void> {
  await client.query(
    `INSERT INTO catalogue_products (product_id, sku, name, price_minor, currency_code, on_sale, version, updated_at)
     SELECT id, sku, name, price, 'USD', true, 1, at
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[]) AS t (id, sku, name, price, at)`,
    [
      products.map(({ id }) => id),
      products.map(({ sku }) => sku),
      products.map(({ name }) => name),
      products.map(({ priceMinor }) => priceMinor),
      products.map(({ createdAt }) => createdAt),
    ],
  );
}
