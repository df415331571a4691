import { readFile } from 'node:fs/promises';
import { createLogger, runService } from '@shop/process';
import { readSeedConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { listTakenSkus } from './db/products.ts';
import { createCategory } from './use-cases/create-category.ts';
import { createProducts } from './use-cases/create-products.ts';

interface DemoCatalogue {
  /** Parents before their children. */
  readonly categories: readonly { readonly slug: string; readonly name: string; readonly parent: string | null }[];
  readonly products: readonly { readonly sku: string }[];
}

/** One transaction's worth: a first start waits for this, and one by one takes ten times as long. */
const BATCH = 200;

/** Puts the demo catalogue on sale. Categories and products that exist already stay as they are. */
runService('product-seed', async ({ onStop, stopping }) => {
  const config = readSeedConfig();
  if (config.SEED === 'none') return 'done';
  const logger = createLogger({ service: 'product-seed', level: config.LOG_LEVEL });
  const database = openDatabase(config.PRODUCT_DATABASE_URL);
  onStop('database', () => database.close());
  const dependencies = { database, now: () => new Date() };

  const { categories, products } = JSON.parse(
    await readFile('prisma/product/seed/catalogue.json', 'utf8'),
  ) as DemoCatalogue;
  const taken = await listTakenSkus(
    database,
    products.map(({ sku }) => sku),
  );
  const missing = products.filter(({ sku }) => !taken.has(sku));
  if (missing.length === 0) return 'done';

  for (const category of categories) {
    if (stopping.aborted) return 'done';
    const outcome = await createCategory(dependencies, category);
    if (outcome.kind !== 'created' && outcome.kind !== 'slug-taken')
      throw new Error(`${category.slug}: ${JSON.stringify(outcome)}`);
  }
  for (let at = 0; at < missing.length; at += BATCH) {
    if (stopping.aborted) return 'done';
    const outcome = await createProducts(dependencies, missing.slice(at, at + BATCH));
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  }
  logger.info({ created: missing.length }, 'demo catalogue');
  return 'done';
});
