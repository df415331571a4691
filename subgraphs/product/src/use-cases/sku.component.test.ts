import { cp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { migrate } from '@shop/migrations';
import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase, temporaryDirectory, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { openDatabase, type Database } from '../db/database.ts';
import { createProductBySkuLoader } from '../db/products.ts';
import { skuTaken } from '../resolvers/sku-taken.ts';
import { createProduct } from './create-product.ts';
import { deleteProduct } from './delete-product.ts';
import { updateProduct } from './update-product.ts';

let server: TestDatabase;
let database: Database;
const deps = () => ({ database, now: () => new Date() });

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

const create = (sku: string) =>
  createProduct(
    deps(),
    { sku, name: 'A', description: '', price: { amount: 1, currencyCode: 'USD' }, initialStock: 0 },
    null,
  );
async function newProduct(sku: string) {
  const outcome = await create(sku);
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.product;
}

test('a SKU is one in upper and lower case, for new and changed products and for look-ups', async () => {
  const product = await newProduct('Case-aBc');
  const other = await newProduct(uuidv7());
  const taken = (sku: string) => ({ kind: 'sku-taken', sku, holder: { id: product.id, onSale: true } });
  expect(await create('CASE-ABC')).toEqual(taken('CASE-ABC'));
  expect(await updateProduct(deps(), { id: other.id, sku: 'case-abc' })).toEqual(taken('case-abc'));
  const loader = createProductBySkuLoader(database);
  expect(await loader.loadMany(['case-ABC', 'Case-aBc', 'case-abcd'])).toMatchObject([
    { sku: 'Case-aBc' },
    { sku: 'Case-aBc' },
    null,
  ]);
  expect(await updateProduct(deps(), { id: product.id, sku: 'CASE-ABC' })).toMatchObject({
    product: { sku: 'CASE-ABC', version: 2 },
  });
});

test('one of several products with the same SKU in other cases is created', async () => {
  const outcomes = await Promise.all(['race-x', 'Race-x', 'RACE-X', 'race-X'].map(create));
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'sku-taken', 'sku-taken', 'sku-taken']);
});

test('a SKU of a product off sale says so, and how to bring it back', async () => {
  const { id } = await newProduct('GONE-1');
  await deleteProduct(deps(), id);
  const outcome = await create('gone-1');
  expect(outcome).toEqual({ kind: 'sku-taken', sku: 'gone-1', holder: { id, onSale: false } });
  expect(outcome.kind === 'sku-taken' && skuTaken(outcome)).toEqual({
    __typename: 'SkuTaken',
    code: 'SKU_TAKEN',
    message: `The product ${id}, which is off sale, has this SKU. updateProduct with onSale: true brings it back.`,
    sku: 'gone-1',
    productId: id,
    onSale: false,
  });
  expect(await updateProduct(deps(), { id, onSale: true })).toMatchObject({ kind: 'updated' });
  expect(await create('gone-1')).toMatchObject({ holder: { id, onSale: true } });
});

test('the migration lists products that differ only in the case of their SKU, and stops', async () => {
  const directory = await temporaryDirectory();
  const empty = await startTestDatabase('empty');
  const client = new pg.Client(empty.url);
  try {
    const earlier = path.join(directory.path, 'product');
    await cp('prisma/product', earlier, { recursive: true });
    const migrations = path.join(earlier, 'migrations');
    for (const name of await readdir(migrations))
      if (name >= '20261127120400')
        await rm(path.join(migrations, name), { recursive: true, force: name.endsWith('.toml') });
    await cp('prisma/product/migrations/migration_lock.toml', path.join(migrations, 'migration_lock.toml'));
    await migrate({ schemaDir: earlier, databaseUrl: empty.url });
    await client.connect();
    await client.query(
      `INSERT INTO products (id, sku, name, description, price_minor, currency_code, on_sale, created_at, updated_at)
       SELECT gen_random_uuid(), sku, 'A', '', 1, 'USD', sku <> 'x-1', now(), now()
         FROM unnest(ARRAY['X-1', 'x-1', 'other', 'y.2', 'Y.2']) AS sku`,
    );
    await expect(migrate({ schemaDir: 'prisma/product', databaseUrl: empty.url })).rejects.toThrow(
      new RegExp(
        String.raw`2 SKUs differ .*: (X-1 \(id \S+\) and x-1 \(id \S+, off sale\)|x-1 \(id \S+, off sale\) and X-1 \(id \S+\)); ` +
          String.raw`[Yy]\.2 \(id \S+\) and [Yy]\.2 .*updateProduct`,
      ),
    );
  } finally {
    await client.end();
    await empty.stop();
    await directory.remove();
  }
});
