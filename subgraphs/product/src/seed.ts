import { readFile } from 'node:fs/promises';
import { runSeed } from '@shop/subgraph';
import { openDatabase } from './db/database.ts';
import { findProductsBySku } from './db/products.ts';
import { toSkuKey } from './domain/product.ts';
import { createCategory } from './use-cases/create-category.ts';
import { createProducts } from './use-cases/create-product.ts';

interface DemoCatalogue {
  /** Parents come before their children. */
  readonly categories: readonly { readonly slug: string; readonly name: string; readonly parent: string | null }[];
  readonly products: readonly { readonly sku: string }[];
}

/** Products per transaction. The first start waits for the seed, and single inserts take ten times as long. */
const BATCH = 200;

/** Puts the demo catalogue on sale. Categories and products that exist stay as they are. */
runSeed({
  service: { name: 'product' },
  openDatabase,
  seed: async ({ kind, database, logger, now, stopping }) => {
    if (kind === 'none') return;
    const { categories, products } = JSON.parse(
      await readFile('prisma/product/seed/catalogue.json', 'utf8'),
    ) as DemoCatalogue;
    const found = await findProductsBySku(
      database.client,
      products.map(({ sku }) => sku),
    );
    const taken = new Set(found.map(({ sku }) => toSkuKey(sku)));
    const missing = products.filter(({ sku }) => !taken.has(toSkuKey(sku)));
    if (missing.length === 0) return;

    for (const category of categories) {
      if (stopping.aborted) return;
      const outcome = await createCategory({ database, now }, category);
      if (outcome.kind !== 'created' && outcome.kind !== 'slug-taken')
        throw new Error(`The category ${category.slug} cannot be created: ${JSON.stringify(outcome)}`);
    }
    for (let at = 0; at < missing.length; at += BATCH) {
      if (stopping.aborted) return;
      const outcome = await createProducts({ database, now }, missing.slice(at, at + BATCH));
      if (outcome.kind !== 'created') throw new Error(`Products cannot be created: ${JSON.stringify(outcome)}`);
    }
    logger.info({ created: missing.length }, 'demo catalogue');
  },
});
