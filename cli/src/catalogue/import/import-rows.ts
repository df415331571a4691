import { randomUUID } from 'node:crypto';
import type { Api } from '../api/api.ts';
import { Refused } from '../api/failures.ts';
import { createProductLoader } from '../api/load-products.ts';
import type { ImportOptions } from '../arguments.ts';
import type { SourceRow } from '../files/source-row.ts';
import { readProduct } from '../rows/product-row.ts';
import { openCategories } from './categories.ts';
import { inParallel } from './in-parallel.ts';
import { type Done, upsert } from './upsert.ts';

/** A row that did not go in. */
export interface BadRow {
  readonly number: number;
  readonly line: number | null;
  readonly sku: string | null;
  readonly reason: string;
}

/** How many rows came to what. */
export type Counts = Record<Done | 'refused' | 'categories', number>;

export interface ImportListener {
  onBadRow(row: BadRow): void;
  /** After each row. */
  onProgress(counts: Readonly<Counts>): void;
}

/** Brings the catalogue in line with the rows. Bad rows are told of, and keep no other from going in. */
export async function importRows(
  rows: AsyncIterable<SourceRow>,
  api: Api,
  options: ImportOptions,
  listener: ImportListener,
): Promise<Counts> {
  const counts: Counts = { created: 0, updated: 0, unchanged: 0, refused: 0, categories: 0 };
  const categories = await openCategories(api, { mayCreate: options.createCategories, isDryRun: options.isDryRun });
  const load = createProductLoader(api, options.setStock);
  const run = randomUUID();
  const rowOfSku = new Map<string, number>();

  const importRow = async (row: SourceRow): Promise<Done> => {
    if ('error' in row) throw new Refused(row.error);
    const read = readProduct(row.values, options.mapping, options.currency);
    if ('issues' in read) throw new Refused(read.issues.join('; '));
    const { product } = read;
    // Two rows of one product at the same time would undo each other, and no second run would ever find nothing to do.
    const earlier = rowOfSku.get(product.sku);
    if (earlier !== undefined) throw new Refused(`sku: is in row ${earlier} already`);
    rowOfSku.set(product.sku, row.number);
    return upsert(api, categories, product, { ...options, load, idempotencyKey: `import-${run}-${row.number}` });
  };

  await inParallel(rows, options.concurrency, async (row) => {
    try {
      counts[await importRow(row)] += 1;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      counts.refused += 1;
      listener.onBadRow({ number: row.number, line: row.line, sku: skuIn(row, options), reason: error.message });
    }
    counts.categories = categories.created();
    listener.onProgress(counts);
  });
  return counts;
}

function skuIn(row: SourceRow, { mapping }: ImportOptions): string | null {
  const sku = 'values' in row ? row.values[mapping.sku.name] : null;
  return typeof sku === 'string' && sku !== '' ? sku.slice(0, 64) : null;
}
