import { readFile } from 'node:fs/promises';
import { createLogger, runService } from '@shop/service';
import { readSeedConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { listTakenSkus } from './db/products.ts';
import { createProduct } from './use-cases/create-product.ts';

/** Puts the demo catalogue on sale. Products whose SKU exists already stay as they are. */
runService('product-seed', async ({ onStop, stopping }) => {
  const config = readSeedConfig();
  if (config.SEED === 'none') return 'done';
  const logger = createLogger({ service: 'product-seed', level: config.LOG_LEVEL });
  const database = openDatabase(config.PRODUCT_DATABASE_URL);
  onStop('database', () => database.close());

  const catalogue = JSON.parse(await readFile('prisma/product/seed/catalogue.json', 'utf8')) as { sku: string }[];
  const taken = await listTakenSkus(database, catalogue.map(({ sku }) => sku));
  const missing = catalogue.filter(({ sku }) => !taken.has(sku));
  for (const product of missing) {
    if (stopping.aborted) break;
    const outcome = await createProduct({ database, now: () => new Date() }, product, null);
    if (outcome.kind === 'invalid-input') throw new Error(`${product.sku}: ${JSON.stringify(outcome.issues)}`);
  }
  logger.info({ created: missing.length }, 'demo catalogue');
  return 'done';
});
