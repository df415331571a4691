import type { Job } from '@shop/subgraph';
import type { Database } from '../db/database.ts';
import { mergeCounts } from '../db/product-counts.ts';

/** Merges the changes of the numbers of products, so that a count reads few rows. */
const mergeProductCounts: Job<{ readonly database: Database }> = {
  name: 'merging product counts',
  everyMs: 60_000,
  async work({ database }) {
    await mergeCounts(database);
    return false;
  },
};

export const jobs = [mergeProductCounts];
