import { randomUUID } from 'node:crypto';
import { RefusedError } from '../api/errors.ts';
import { createProductLoader } from '../api/load-products.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import type { SourceRow } from '../files/source-row.ts';
import { type Mapping, valueAt } from '../rows/mapping.ts';
import { readProduct } from '../rows/product-row.ts';
import { openCategories } from './categories.ts';
import { runInParallel } from '../../in-parallel.ts';
import { findAllFaults, type RowOutcome, upsert } from './upsert.ts';

export interface ImportOptions {
  readonly mapping: Mapping;
  /** The currency of rows that have none. */
  readonly currency: string | undefined;
  readonly createCategories: boolean;
  readonly setStock: boolean;
  /** The number of products that are processed at the same time. */
  readonly concurrency: number;
  readonly isDryRun: boolean;
}

/** A row that was not imported. */
export interface RefusedRow {
  readonly number: number;
  readonly line: number | null;
  readonly sku: string | null;
  readonly reason: string;
}

/** The number of rows by outcome, and the number of created categories. */
export type ImportCounts = Record<RowOutcome | 'refused' | 'categories', number>;

export interface ImportListener {
  onRefusedRow(row: RefusedRow): void;
  /** Called after each row. */
  onProgress(counts: Readonly<ImportCounts>): void;
}

/** Brings the catalogue in line with the rows. Refused rows are reported, and do not stop the others. */
export async function importRows(
  rows: AsyncIterable<SourceRow>,
  api: CatalogueApi,
  options: ImportOptions,
  listener: ImportListener,
): Promise<ImportCounts> {
  const counts: ImportCounts = { created: 0, updated: 0, unchanged: 0, refused: 0, categories: 0 };
  const categories = await openCategories(api, { mayCreate: options.createCategories, isDryRun: options.isDryRun });
  const load = createProductLoader(api, options.setStock);
  const run = randomUUID();
  const rowNumbers = new Map<string, number>();

  const importRow = async (row: SourceRow): Promise<RowOutcome> => {
    if ('error' in row) throw new RefusedError(row.error);
    const read = readProduct(row.values, options.mapping, options.currency);
    if ('issues' in read) throw new RefusedError((await findAllFaults(read, categories, load)).join('; '));
    const { product } = read;
    // Two rows of one product would undo each other, and a second run would always find something to change.
    const key = product.sku.toLowerCase();
    const earlier = rowNumbers.get(key);
    if (earlier !== undefined) throw new RefusedError(`sku: is in row ${earlier} already`);
    rowNumbers.set(key, row.number);
    return upsert(api, categories, product, { ...options, load, idempotencyKey: `import-${run}-${row.number}` });
  };

  await runInParallel(rows, options.concurrency, async (row) => {
    try {
      counts[await importRow(row)] += 1;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      counts.refused += 1;
      listener.onRefusedRow({ number: row.number, line: row.line, sku: findSku(row, options), reason: error.message });
    }
    counts.categories = categories.countCreated();
    listener.onProgress(counts);
  });
  return counts;
}

function findSku(row: SourceRow, { mapping }: ImportOptions): string | null {
  const sku = 'values' in row ? valueAt(row.values, mapping.sku.name) : null;
  return typeof sku === 'string' && sku !== '' ? sku.slice(0, 64) : null;
}
